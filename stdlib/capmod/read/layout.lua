--- What the readers of editions share: labels that must be countries times sectors, blocks of
--- the numbers, and errors that name the place in the file.

local core = require "capmod.core"
local errors = require "capmod.errors"

local layout = {}

--- The letters of a column of a sheet: 28 is "AB".
local function letters(col)
  local text = ""
  while col > 0 do
    text = string.char(65 + (col - 1) % 26) .. text
    col = (col - 1) // 26
  end
  return text
end

--- A place of a file in words: "row 6, column 1 of a.csv", "cell A6 of sheet 'x' of a.xlsx".
---@param path string
---@param row integer  0 where it is about no line
---@param col integer  0 where it is about no column
---@return string
function layout.place(path, row, col)
  local known, kind, file, sheet = pcall(core.contents, path)
  if known and kind == "workbook" and sheet ~= "" then
    local cell = row > 0 and col > 0 and ("cell %s%d of "):format(letters(col), row)
      or row > 0 and ("row %d of "):format(row) or ""
    return ("%ssheet '%s' of %s"):format(cell, sheet, file)
  end
  return col > 0 and row > 0 and ("row %d, column %d of %s"):format(row, col, path)
    or row > 0 and ("row %d of %s"):format(row, path) or path
end

--- Raises CM5103: the file is not quite of the edition.
---@param path string
---@param row integer  as an editor counts lines; 0 where it is about no line
---@param col integer  field of the line, or 0
---@param message string
function layout.wrong(path, row, col, message)
  errors.raise(5103, {
    message = ("%s (%s)"):format(message, layout.place(path, row, col)), object = path, path = path,
    row = row > 0 and row or nil, col = col > 0 and col or nil,
    fix = "compare the file with the publisher's, or read it as another edition: as = ...",
  })
end

--- Reads a file (see core.text) that has no blanks in its first rows and columns; what is blank
--- beyond, as totals are, is read as zero.
---@param options table  path, header_rows, label_cols, missing
---@param size_of fun(text: any): integer, integer?  how many rows of data, and columns of numbers
---@return any text, integer rows
function layout.text(options, size_of)
  options.blank = "nan"
  local text = core.text(options)
  local rows, cols = size_of(text)
  local row, col = text:blank(rows, cols)
  if row then layout.wrong(options.path, row, col, "a blank where a number is expected") end
  text:zero_blanks()
  return text, rows
end

--- How many of a list come before the first that `is_other`.
function layout.leading(list, is_other)
  for i, item in ipairs(list) do
    if is_other(item) then return i - 1 end
  end
  return #list
end

--- "USA_C29" -> "USA", "C29", at the first underscore; lists of both for a list.
function layout.split(list)
  local outer, inner = {}, {}
  for i, label in ipairs(list) do
    outer[i], inner[i] = label:match "^([^_]+)_(.+)$"
    if not outer[i] then outer[i], inner[i] = label, "" end
  end
  return outer, inner
end

--- Checks that labels first .. last run through all inner ones for each outer one (country by
--- country, in each the same sectors in the same order), and gives both lists.
---@param outer string[]
---@param inner string[]
---@param first integer
---@param last integer
---@param wrong fun(i: integer, message: string)  raises the error at label i
---@return string[] outers, string[] inners
function layout.product(outer, inner, first, last, wrong)
  local outers, inners, seen = {}, {}, {}
  for i = first, last do
    if outer[i] ~= outer[first] or i > first and inner[i] == inner[first] then break end
    inners[#inners + 1] = inner[i]
  end
  for i = first, last do
    local place = (i - first) % #inners + 1
    if place == 1 then
      if seen[outer[i]] then wrong(i, ("'%s' comes a second time"):format(outer[i])) end
      outers[#outers + 1], seen[outer[i]] = outer[i], true
    end
    if outer[i] ~= outers[#outers] or inner[i] ~= inners[place] then
      wrong(i, ("'%s %s' stands where '%s %s' is expected"):format(outer[i], inner[i],
        outers[#outers], inners[place]))
    end
  end
  if #inners > 0 and (last - first + 1) % #inners ~= 0 then
    wrong(last, ("the list ends within '%s'"):format(outers[#outers]))
  end
  return outers, inners
end

--- Checks that one list continues as another: columns as rows, say.
---@param list string[]
---@param first integer  where in the list it begins
---@param want string[]
---@param wrong fun(i: integer, message: string)
function layout.same(list, first, want, wrong)
  for i, label in ipairs(want) do
    local got = list[first + i - 1]
    if got ~= label then
      wrong(first + i - 1,
        ("'%s' stands where '%s' is expected"):format(tostring(got or "nothing"), label))
    end
  end
end

--- first, first + 1, ... last.
function layout.range(first, last)
  local list = {}
  for i = first, last do list[#list + 1] = i end
  return list
end

--- A list with the source's spellings replaced: { NDL = "NLD" }.
function layout.respelt(list, spellings)
  local out = {}
  for i, code in ipairs(list) do out[i] = spellings[code] or code end
  return out
end

--- The codes of a classification for the spellings of an edition ("D01T02"); a list of which not
--- all are known stays as it is.
---@return string[] codes, boolean known
function layout.codes(list, classification)
  local codes, out = require "capmod.codes", {}
  local names = codes.classification(classification).names
  for i, spelling in ipairs(list) do
    local ok, code = names[spelling] ~= nil, spelling
    if not ok then ok, code = pcall(codes.sector, spelling, classification) end
    if not ok then return list, false end
    out[i] = code
  end
  return out, true
end

--- Two-letter country codes as three-letter ones; other labels, and the rest-of-region codes that
--- EXIOBASE begins with W, stay.
function layout.three_letters(list)
  local codes, out = require "capmod.codes", {}
  for i, code in ipairs(list) do
    out[i] = code:match "^[A-VX-Z]%u$" and codes.find_country(code) or code
  end
  return out
end

-- Words that tell a category of final demand, and its code.
local FINAL = {
  { "household", "HFCE" }, { "non%-profit", "NPISH" }, { "npish", "NPISH" },
  { "government", "GGFC" }, { "fixed capital", "GFCF" }, { "inventor", "INVNT" },
  { "valuables", "VALUABLES" }, { "^export", "EXPO" },
}

--- Codes of final-demand categories from their names; a name that says nothing stays as it is.
function layout.final_codes(list)
  local out, taken = {}, {}
  for i, name in ipairs(list) do
    local lower, code = name:lower(), nil
    if lower:find "non%-profit" then lower = "non-profit" end -- "serving households"
    for _, rule in ipairs(FINAL) do code = code or lower:find(rule[1]) and rule[2] end
    out[i] = code and not taken[code] and code or name
    taken[out[i]] = true
  end
  return out
end

--- Flows from coefficients: x = (I - A)^-1 Y 1, Z = A diag(x).
---@return any Z, any x
function layout.from_coefficients(A, Y)
  A = A:label{ rows = false, cols = false }
  local y = Y:label{ rows = false, cols = false }:sum{ by = "row" }
  local x = (core.identity(A:rows()) - A):solve(y):label{ rows = false, cols = false }
  return A * x:T(), x
end

--- Each blank as the last text before it: headings over several columns.
function layout.filled(list)
  local out, last = {}, ""
  for i, item in ipairs(list) do
    if item ~= "" then last = item end
    out[i] = last
  end
  return out
end

--- The one of a folder's or archive's files whose name (without folders) matches a pattern; nil
--- where there is none, CM5006 where there are several.
---@param path string    of the folder or archive
---@param names string[]  as core.contents gives them
---@param pattern string
---@return string? path  of the file
function layout.file(path, names, pattern)
  local found
  for _, name in ipairs(names) do
    if name:match "([^/]*)$":match(pattern) then
      if found then
        errors.raise(5006, {
          message = ("%s holds '%s' and '%s', where one is expected"):format(path, found, name),
          object = path, path = path, fix = "keep one table in a folder",
        })
      end
      found = name
    end
  end
  return found and path:gsub("/$", "") .. "/" .. found
end

local function year_in(name)
  local found
  for digits in name:gmatch "%d+" do
    local year = #digits == 4 and math.tointeger(tonumber(digits))
    if year and year >= 1900 and year < 2100 then found = year end
  end
  return found
end

--- The year in the name of a file or folder, the last where there are several ("ICIO2021_2010");
--- of a member or a sheet without one, that in the name of what holds it.
---@param path string
---@return integer?
function layout.year(path)
  path = path:gsub("/$", "")
  repeat
    local folder, name = path:match "^(.*)/([^/]*)$"
    local year = year_in(name or path)
    if year or not folder then return year end
    path = folder
  until not folder:lower():find "%.zip$" and not folder:lower():find "%.xlsx$"
end

return layout
