"""Statecharts of other notations -> definitions in our language.

    text -> Chart -> definition -> YAML
       read      lower        write

A reader (`scxml`, `xstate`) says what the author wrote, `lower` says it in our words.
What cannot be said, or only with a difference, is in the report.
"""
