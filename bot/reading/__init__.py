"""Reading contact files of strangers, in a child process with little memory and little time.

`ChildReader` is the door. Behind it, in the child: `signatures` tells what a file is, `encodings`,
`delimiters` and `text_files` read text, `workbooks` reads XLSX, `names` and `header` find the columns,
`second_headers` knows titles that come back, `values` and `addresses` mend and judge cells, `collecting`
counts and writes, `reports` holds it together.
`ChildExports` looks through questionnaires' exports (`answered`) in a child of the same kind.
`ChildComparer` compares and merges long lists of ours; `processes` starts the children of both.
"""

from bot.reading.comparing import ChildComparer
from bot.reading.exports import ChildExports
from bot.reading.limits import Limits
from bot.reading.reader import ChildReader

__all__ = ["ChildComparer", "ChildExports", "ChildReader", "Limits"]
