"""The post of an official on a page: a title is written in Vietnamese only, its role has a word in both languages."""

from __future__ import annotations

from portal.catalogue.words import ROLES, word
from portal.core.actor import Post
from portal.core.text import spoken_title
from portal.web.languages import ENGLISH, current_language


def said_title(title: str, *, role: str) -> str:
    """What somebody is called on this page; empty for a post without a title."""
    return word(ROLES, role).en if title and current_language() == ENGLISH else spoken_title(title)


def said_unit(post: Post) -> str:
    """The unit of the post in the language of the page."""
    return post.unit_name_en or post.unit_name if current_language() == ENGLISH else post.unit_name


def said_post(post: Post) -> str:
    """Title and unit."""
    words = ", ".join(part for part in (said_title(post.title, role=post.role), said_unit(post)) if part)
    return words[:1].upper() + words[1:]
