"""Rights of tokens; sessions that an OpenID provider vouches for again and again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    # Tokens from before get none of the rights: until now only the giving of rights looked at them.
    op.add_column("api_tokens", sa.Column("rights", JSON, nullable=False, server_default="[]"))
    op.add_column("web_sessions", sa.Column("refresh", sa.Text(), nullable=True))
    op.add_column("web_sessions", sa.Column("vouched", sa.DateTime(timezone=True), nullable=True))
