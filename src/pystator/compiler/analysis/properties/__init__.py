"""What is claimed of all runs, proved or refuted by following them.

    machine -> graph of its runs -> verdict of each property -> message
              graph                 claims, leading             messages

`steps` and `world` say what may follow at one place of the graph and `beliefs` which
answers of guards go together; `witness` makes sure that a run which breaks a property
can happen. `check` puts them together and owns the bounds.
"""
