"""Parts of pages that are the same for everybody, rendered once per language and kept."""

from typing import Final

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST: Final = 2000
_kept: dict[tuple[object, ...], SafeString] = {}


class Kept(Node):
    """`{% kept name value ... %}`: the part may depend on these values and on nothing else."""

    def __init__(self, name: str, values: list[FilterExpression], nodelist: NodeList) -> None:
        self.name = name
        self.values = values
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        key = (self.name, get_language(), *(value.resolve(context) for value in self.values))
        found = _kept.get(key)
        if found is None:
            found = self.nodelist.render(context)
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = found
        return found


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Render what is inside once for each language and each combination of the values named."""
    name, *values = token.split_contents()[1:]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(name, [parser.compile_filter(value) for value in values], nodelist)


def forget() -> None:
    """Forget every part, so that changed settings show."""
    _kept.clear()
