"""The tests can fail: each fault planted in a copy of the package must turn its test file red."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# module: (right, planted, tests that must see it), ...
FAULTS = {
    "checks": [
        ("~np.isfinite(values)", "np.isnan(values)", "checks"),
        ("tuple(shape) != tuple(expected)", "len(shape) != len(expected)", "checks"),
        ("values.shape[0] == 0", "values.shape[0] < 0", "checks"),
        ("number > 0)", "number >= 0)", "checks"),
        ("if value < 1:", "if value < 0:", "checks"),
    ],
    "activations": [
        ("np.maximum(z, LOWEST[z.real.dtype.char])", "z", "activations"),
        ("sigmoid(z) * sigmoid(-as_float(z))", "sigmoid(z)", "activations"),
        ("1 - np.tanh(as_float(z)) ** 2", "1 - np.tanh(as_float(z))", "activations"),
        ("np.where(z.real <= 0, 0, z)", "abs(z)", "activations"),
        ("return (z.real > 0)", "return (z.real >= 0)", "activations"),
    ],
    "losses": [
        ("0.5 * np.sum", "np.sum", "losses"),
        ("as_float(yhat) - y\n", "y - as_float(yhat)\n", "losses"),
        ("_times_log(1 - y, 1 - yhat)", "_times_log(1 - y, yhat)", "losses"),
        ("_divide(1 - y, 1 - yhat) - _divide", "_divide(1 - y, 1 - yhat) + _divide", "losses"),
        ("0) - y * z", "0) + y * z", "losses"),
        ("return sigmoid(z) - y", "return sigmoid(z) * (sigmoid(z) - y)", "losses"),
        ("z - z.max(axis=-1, keepdims=True))", "z)", "losses"),
        ("return e / e.sum(axis=-1, keepdims=True)", "return e / e.sum()", "losses"),
        ("* y.sum(axis=-1, keepdims=True) - y", "- y", "losses"),
        ("(labels >= classes)", "(labels > classes)", "losses"),
        ("+ epsilon / y.shape[-1]", "+ epsilon", "losses"),
    ],
    "layers": [
        ("inputs @ self.W.T + self.b", "inputs @ self.W.T - self.b", "layers"),
        ("return upstream @ self.W", "return upstream @ self.W.T", "layers"),
        ("upstream.T @ a", "a.T @ upstream", "layers"),
        ("upstream.sum(axis=0)", "upstream.mean(axis=0)", "layers"),
        ("upstream * a * (1 - a)", "upstream * a", "layers"),
        ("upstream * (1 - a * a)", "upstream * (1 - a)", "layers"),
        ("return upstream * on", "return upstream", "layers"),
        ("return upstream * y, upstream * x", "return upstream * x, upstream * y", "layers"),
        ("return self.inputs[0] * self.inputs[1]", "return self.inputs[0] + 0", "layers"),
        ("return x + y", "return x - y", "layers"),
        ("return upstream, upstream", "return upstream, 0 * upstream", "layers"),
    ],
    "loss_layers": [
        (".sum() / len(inputs)", ".sum()", "loss_layers"),
        ("(prediction - self.target)", "(self.target - prediction)", "loss_layers"),
        ("(float(upstream) / len(prediction))", "float(upstream)", "loss_layers"),
        ("quadratic(inputs, self.target)", "2 * quadratic(inputs, self.target)", "loss_layers"),
        (
            "return sigmoid_cross_entropy(inputs,",
            "return -sigmoid_cross_entropy(inputs,",
            "loss_layers",
        ),
        ("self.target * log_softmax(inputs)", "self.target * softmax(inputs)", "loss_layers"),
    ],
    "graph": [
        (
            '"subtract": lambda x, y: (x - y, 1, -1)',
            '"subtract": lambda x, y: (x - y, 1, 1)',
            "graph",
        ),
        ("(x * y, y, x)", "(x * y, x, y)", "graph"),
        ("-x / y / y", "x / y / y", "graph"),
        ("adjoint[source] += adjoint", "adjoint[source] = adjoint", "graph"),
        ("tangent[v] += slope", "tangent[v] = slope", "graph"),
        ("topological_order(output)[::-1]", "topological_order(output)", "graph"),
        ("1 - math.tanh(x) ** 2", "1 - math.tanh(x)", "graph"),
    ],
    "paths": [
        ("return math.prod(self.factors)", "return sum(self.factors)", "paths"),
        ("self._connect(here, sums, layer.W)", "self._connect(here, sums, 2 * layer.W)", "paths"),
        ("math.prod(sizes[layer + 1 :])", "math.prod(sizes[layer:])", "paths"),
        ("(n_in + 2) * n_out", "(n_in + 1) * n_out", "paths"),
    ],
    "network": [
        ("reversed(self.layers[1:])", "reversed(self.layers[2:])", "network"),
        ("for layer in self.layers]", "for layer in self.layers[:0]]", "network"),
        ("self.affine_layers if", "self.affine_layers[::-1] if", "network"),
        ("self.loss.backward(upstream)", "self.loss.backward()", "network"),
        ("getattr(*place)[...] = kept[name]", "pass", "storage"),
    ],
    "storage": [
        ("allow_pickle=False", "allow_pickle=True", "storage"),
        ("os.replace(partial, path)", "path.write_bytes(partial.read_bytes())", "storage"),
        ("partial.unlink(missing_ok=True)", "pass", "storage"),
    ],
    "optimizers": [
        ("values -= (scale", "values += (scale", "optimizers"),
        ("velocity *= self.beta", "velocity *= 1 - self.beta", "optimizers"),
        (
            "velocity -= (scale * self.learning_rate)",
            "velocity -= self.learning_rate",
            "optimizers",
        ),
        ("/ (1 - self.beta1**self.steps)", "/ (1 - self.beta1)", "optimizers"),
        ("(gradient * gradient)", "gradient", "optimizers"),
        ("_require_fit(parameters, gradients)\n        for", "for", "optimizers"),
    ],
    "training": [
        ("order[start : start + batch_size]", "order[start : start + batch_size - 1]", "training"),
        ("rng.permutation(samples)", "np.arange(samples)", "training"),
        ("y[rows])", "y[: len(rows)])", "training"),
        ("schedule((steps + k) / total)", "schedule(0.0)", "training"),
        ("float(cost) * len(rows)", "float(cost)", "training"),
        ("if not math.isfinite(cost):", "if math.isinf(cost) and cost < 0:", "training"),
        ("_require_finite_weights(network, steps)\n            if", "if", "training"),
        ("(predictions > 0.5) == (y.reshape(-1, 1) > 0.5)", "predictions > 0.5", "training"),
    ],
    "gradcheck": [
        ("entry.difference <= floor", "entry.difference <= 0.1 + floor", "gradcheck"),
        (
            "abs(self.given - self.measured)",
            "abs(abs(self.given) - abs(self.measured))",
            "gradcheck",
        ),
        ("doubtful if e not in kinks", "doubtful if e in kinks", "gradcheck"),
        ("/ (2 * h)\n", "/ h\n", "gradcheck"),
        ("key=lambda e: -e.difference", "key=lambda e: e.difference", "gradcheck"),
        ("gap > 128 * noise and not shrinks", "False", "gradcheck"),
        ("gap > 128 * noise and not shrinks", "gap > 128 * noise", "gradcheck"),
    ],
    "datasets": [
        (
            "if found != expected:",
            "if False:",
            "datasets::test_a_harmed_file_is_named_with_both_hashes",
        ),
        ("[0.0], [1.0], [1.0], [0.0]", "[0.0], [1.0], [1.0], [1.0]", "datasets::test_exclusive_or"),
        (
            "rng.integers(-1, 2, size=2)",
            "rng.integers(-1, 1, size=2)",
            "datasets::test_shifted_goes_every_way",
        ),
    ],
}
PLANTED = [(module, *fault) for module, faults in FAULTS.items() for fault in faults]


def quick_run(package: Path, targets: list[str]) -> subprocess.CompletedProcess:
    """Run tests, with few examples, against the package in the folder `package`."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(package),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_PROFILE": "quick",
    }
    options = ["-x", "-q", "-c", os.devnull, "--noconftest", "-p", "no:cacheprovider"]
    files = [target.split("::") for target in targets]
    paths = ["::".join([f"{ROOT}/tests/test_{file}.py", *names]) for file, *names in files]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *paths],
        cwd=package,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def package(tmp_path):
    """A folder with a copy of the package's own modules beside its data."""
    (tmp_path / "bpnet").mkdir()
    for module in (ROOT / "bpnet").glob("*.py"):
        shutil.copy(module, tmp_path / "bpnet")
    (tmp_path / "bpnet/data").symlink_to(ROOT / "bpnet/data")
    return tmp_path


def test_without_a_fault_the_same_tests_are_green(package):
    run = quick_run(package, sorted({target for *_, target in PLANTED}))
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("module", "right", "planted", "target"), PLANTED, ids=lambda value: value[:40]
)
def test_a_planted_fault_turns_the_tests_red(package, module, right, planted, target):
    source = package / "bpnet" / f"{module}.py"
    text = source.read_text(encoding="utf-8")
    assert right in text, f"{module}.py no longer holds {right!r}: plant the fault anew"
    source.write_text(text.replace(right, planted), encoding="utf-8")
    run = quick_run(package, [target])
    assert run.returncode == 1, run.stdout + run.stderr
    assert "NameError" not in run.stdout
