# A worker over its standard streams, as of a parent that reaches it by ssh: answers each message with its text in upper
# case, until the parent has no more to ask. What it prints goes to standard error, so that it is not among the answers.
import os
from multiprocessing.connection import Connection

requests = Connection(os.dup(0), writable=False)
answers = Connection(os.dup(1), readable=False)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what it starts reads none of its requests
os.dup2(2, 1)

try:
    while True:
        answers.send_bytes(requests.recv_bytes().upper())
except EOFError:
    pass  # the parent has no more to ask
