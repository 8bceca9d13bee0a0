"""`flask --app wsgi audit …`: the signed log from the command line.

Exit codes everywhere: 0 it is done or holds, 1 it does not hold or the signer refuses, 2 it could not be tried.
"""

from flask.cli import AppGroup

from marketplace.cli.audit import actions, checking, keys, proving, signing, witness

group = AppGroup("audit", help="The signed log: sequence, sign, prove, verify, export.")
for _module in (signing, proving, checking, witness, actions):
    for _command in _module.COMMANDS:
        group.add_command(_command)
group.add_command(keys.group)
