"""What the server and the `flask` command load."""

import sys

from app import InvalidConfig, create_app

try:
    app = create_app()
except InvalidConfig as error:
    sys.exit(str(error))
