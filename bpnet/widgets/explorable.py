"""What every explorable shares: its style, its start, its address, its place in Jupyter."""

import math
import re
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Finite(traitlets.Float):
    """A float that is neither NaN nor infinite; raises TraitError for those."""

    def validate(self, obj: Any, value: Any) -> float:
        """Return `value` as a float within `min` and `max`."""
        value = super().validate(obj, value)
        if not math.isfinite(value):
            raise traitlets.TraitError(f"{self.name} must be a finite number, not {value}.")
        return value


class Explorable(anywidget.AnyWidget):
    """A figure that the reader operates; its synchronised traits are its state.

    The page, its address and Python share the state, and Reset returns to the one at
    construction. A trait tagged `fixed=True` is no state (a drawing, weights); one tagged
    `address=False` stays out of the address (an answer). Traits raise TraitError for bad values.
    """

    _css = (HERE / "explorable.css").read_text(encoding="utf-8")
    _start = traitlets.Dict().tag(sync=True)
    _address = traitlets.Unicode().tag(sync=True)

    @classmethod
    def state_names(cls) -> list[str]:
        """Return the names of the traits that make up the state, in the order of the class."""
        families = [kind for kind in reversed(cls.__mro__) if issubclass(kind, Explorable)]
        traits = dict(item for kind in families for item in vars(kind).items())
        return [name for name, own in traits.items() if _is_state(name, own)]

    @property
    def state(self) -> dict[str, Any]:
        """The present state by name."""
        return {name: getattr(self, name) for name in self.state_names()}

    @traitlets.default("_start")
    def _state_at_construction(self) -> dict[str, Any]:
        return self.state

    @traitlets.default("_address")
    def _name_and_traits(self) -> str:
        traits = [name for name in self.state if self.trait_metadata(name, "address", True)]
        return f"{re.sub(r'(?<!^)(?=[A-Z])', '-', type(self).__name__).lower()}:{','.join(traits)}"

    def __repr__(self) -> str:
        plain = [(n, v) for n, v in self.state.items() if isinstance(v, int | float | str)]
        values = ", ".join(f"{name} = {value}" for name, value in plain if value != "")
        return f"{type(self).__name__} at {values} (interactive: needs a browser with scripts)"


def _is_state(name: str, own: object) -> bool:
    """Return whether a name of a class is one of its state's traits."""
    if name.startswith("_") or not isinstance(own, traitlets.TraitType):
        return False
    return bool(own.metadata.get("sync")) and not own.metadata.get("fixed")
