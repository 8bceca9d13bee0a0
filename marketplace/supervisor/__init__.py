"""Run the whole demonstration on one machine: database, web server, worker and payment sandbox.

`python -m marketplace.supervisor`, behind `make run`. Production uses the machine's own supervisor instead
(config/deployment).
"""
