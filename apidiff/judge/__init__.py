"""From facts to changes: the level, the words and the witness of each. It never looks at how a document is spelled."""
