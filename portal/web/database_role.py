"""The database role of the web process can do nothing but what it was granted."""

from __future__ import annotations

from sqlalchemy import Engine, text

from portal.config import SettingsError

_POWERS = text(
    """
    SELECT current_user AS name,
           (SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user) AS ignores_policies,
           EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
                   AND pg_has_role(current_user, relowner, 'MEMBER')) AS owns_tables
    """
)


def refuse_powerful_role(engine: Engine) -> None:
    """Raises SettingsError when row-level security would not hold this role: then no page is served at all."""
    with engine.connect() as connection:
        role = connection.execute(_POWERS).one()
    if role.ignores_policies or role.owns_tables:
        engine.dispose()
        raise SettingsError(
            f"PORTAL_DATABASE_URL names the role {role.name}, which owns tables or ignores row-level security. "
            "Name portal_app, which owns nothing."
        )
