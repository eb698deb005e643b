"""What other statechart engines do where the meaning of a statechart is disputed."""
