---@meta capmod.core
--- Delimited text as capmod.core reads it. For editors and the reference; nothing here runs.
--- Rows and columns are counted as an editor counts lines and fields, from 1.

---@class capmod.Text
local Text = {}

--- The fields of a header line.
---@param row integer
---@return string[]
function Text:header(row) end

--- One of the leading fields of every line of data.
---@param col integer
---@return string[]
function Text:labels(col) end

--- The numbers, without a copy; they stay when the text is gone.
---@return capmod.Matrix
function Text:numbers() end

--- Where the first blank number stood, or nothing; with sizes, the first among so many rows and
--- columns of a text that was read with blank = "nan".
---@param rows? integer
---@param cols? integer
---@return integer? row, integer? col
function Text:blank(rows, cols) end

--- Makes zeros of the blanks of such a text, once, before its numbers are used.
function Text:zero_blanks() end

--- The lines whose first label is `block` as a labelled matrix of their last numbers: two columns
--- of labels name its row, two its column, each joined by a dot; "_Z" stands for none. Nothing
--- where there are none. CM1303 a column, CM1306 a second number for a cell.
---@param block string
---@param rows integer[]
---@param cols integer[]
---@return capmod.Matrix?
function Text:pivot(block, rows, cols) end

--- The character that parts fields.
---@return string
function Text:delimiter() end

---@class capmod.TextOptions
---@field path string
---@field delimiter? string
---@field header_rows? integer
---@field label_cols? integer
---@field blank? "error"|"zero"|"nan"
---@field missing? string  a text that stands for a blank, such as "..."

---@class capmod.core
local core = {}

--- Reads a file of delimited text, plain or gzip, a member of a zip archive ("a.zip/b.csv") or a
--- sheet of a workbook ("a.xlsx/Sheet1"): header lines, label columns, and numbers. The
--- delimiter is found from the first line if it is not given; blanks are errors if not told else.
--- CM1301 a delimiter that cannot be one, CM5001 to CM5006 the file, CM6002 memory, CM6003 stopped.
---@param options capmod.TextOptions
---@return capmod.Text
function core.text(options) end

--- The fields of a file's first lines.
---@param path string
---@param lines integer  how many; fewer come where there are fewer
---@param delimiter? string
---@return string[][]
function core.peek(path, lines, delimiter) end

--- What a path is: "file", "folder", "archive" or "workbook"; the path of that itself, what follows
--- it in the path given ("" for nothing), and the names of what it holds: entries, members, sheets.
--- CM5001, CM5002.
---@param path string
---@return string kind, string path, string inner, string[] names
function core.contents(path) end
