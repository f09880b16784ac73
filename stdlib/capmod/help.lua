--- Help on the names of the library, read from the comments above them: the one
--- source of ?name at the prompt, of docs/reference.md and of completion.
---
---     print(cm.help "chain")   print(cm.help "frame:sort")

local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"

local getinfo = debug.getinfo -- kept: a sandboxed script has no debug
local help = {}

---@class cm.HelpEntry
---@field name string        "cm.codes.group", "frame:sort"
---@field call string        how it is written: "frame:sort(by)", "cm.frame{ ... }"
---@field doc string         the text
---@field params cm.HelpField[]
---@field fields cm.HelpField[]  of the table that it takes
---@field returns string[]

---@class cm.HelpField
---@field name string
---@field type string
---@field about string

-- ---- reading a file's comments -----------------------------------------------

local files = {}

local function lines_of(path)
  if not files[path] then
    local list, file = {}, io.open(path)
    if file then
      for line in file:lines() do list[#list + 1] = line end
      file:close()
    end
    files[path] = list
  end
  return files[path]
end

--- The type at the start of an annotation ("string|{ by: string }") and what follows it.
local function split_type(text)
  local depth = 0
  for i = 1, #text do
    local c = text:sub(i, i)
    if c:find "[{(<]" then
      depth = depth + 1
    elseif c:find "[})>]" then
      depth = depth - 1
    elseif c == " " and depth == 0 and not text:sub(1, i - 1):find "[,:|]$"
      and not text:find("^%s*|", i) then
      return text:sub(1, i - 1), (text:sub(i):gsub("^%s+[#]?%s*", ""))
    end
  end
  return text, ""
end

local function named(text)
  local name, rest = text:match "^(%S+)%s*(.*)$"
  local kind, about = split_type(rest or "")
  if name and name:find "%?$" then name, kind = name:sub(1, -2), kind .. "?" end
  return { name = name or text, type = kind, about = about }
end

--- Long annotations go on in the next line ("---  bar: string }").
local function unfolded(list, first, last)
  local block = {}
  for i = first, last do
    local text = list[i]:gsub("^%s*%-%-%-?", "")
    local previous = block[#block]
    if previous and previous:find "^@" and not text:find "^%s?@" and text:find "^%s" then
      block[#block] = previous .. " " .. text:gsub("^%s+", "")
    else
      block[#block + 1] = text:gsub("^ ", "")
    end
  end
  return block
end

local function parse_block(list, first, last)
  local entry, doc = { params = {}, returns = {}, attributes = {} }, {}
  for _, text in ipairs(unfolded(list, first, last)) do
    local tag, rest = text:match "^@(%a+)%s*(.*)$"
    if tag == "param" then
      table.insert(entry.params, named(rest))
    elseif tag == "field" then
      table.insert(entry.attributes, named(rest))
    elseif tag == "return" then
      table.insert(entry.returns, rest)
    elseif tag == "class" then
      entry.class = rest:match "^[%w_.]+"
    elseif not tag then
      doc[#doc + 1] = text
    end
  end
  entry.doc = table.concat(doc, "\n"):gsub("^%s*\n", ""):gsub("%s+$", "")
  return entry
end

--- The comment that ends in the line before `at`.
local function block_above(list, at)
  local first = at
  while first > 1 and list[first - 1]:find "^%s*%-%-" do first = first - 1 end
  while first < at and not list[first]:find "^%s*%-%-%-" do first = first + 1 end
  return parse_block(list, first, at - 1)
end

--- The comment at the top of a file.
local function header(list)
  local last = 0
  while list[last + 1] and list[last + 1]:find "^%-%-" do last = last + 1 end
  return parse_block(list, 1, last)
end

--- A line of code and those that it goes on in, up to the one that closes its braces.
local function whole_line(list, i)
  local line = list[i]:gsub("%s%-%-[^\"]*$", "")
  while select(2, line:gsub("{", "")) > select(2, line:gsub("}", "")) and list[i + 1] do
    i = i + 1
    line = line .. list[i]:gsub("^%s*", " ")
  end
  return line
end

--- The fields that a constructor checks: the table FIELDS (or fields) of its file,
--- whose `about` the error messages use too.
local function checked_fields(list)
  local fields, inside = {}, false
  for i, line in ipairs(list) do
    if line:find "^local [Ff][Ii][Ee][Ll][Dd][Ss] = {$" then
      inside = true
    elseif inside and line:find "^}" then
      return fields
    elseif inside and line:find "^  [%a_]" then
      local name, kinds, rest = whole_line(list, i):match "^  ([%a_][%w_]*) = {%s*(\"[^=]*\")(.*)$"
      if name then
        local about = rest:match "about = (\".*\")%s*}" or "\"\""
        fields[#fields + 1] = {
          name = name, type = kinds:gsub("\", \"", "|"):gsub("\"", ""),
          about = load("return " .. about)() or "", required = rest:find "required = true" ~= nil,
        }
      end
    end
  end
  return fields
end

-- ---- what there is -----------------------------------------------------------

local entries, by_name

local function add(entry)
  if by_name[entry.name] then return end
  by_name[entry.name] = entry
  entries[#entries + 1] = entry
  entry.fields = entry.fields or {}
end

local function arguments_of(line) return line and line:match "%b()" or "(...)" end

local function add_function(name, value)
  local info = getinfo(value, "S")
  local path = info.source:match "^@(.*)"
  if not path then return end
  local list = lines_of(path)
  local entry = block_above(list, info.linedefined)
  if entry.doc == "" and #entry.params == 0 then return end
  entry.name = name
  entry.call = name .. arguments_of(list[info.linedefined])
  add(entry)
end

--- The file of a module, and those of its parts that it (or a part) asks for.
local function parts_of(module, seen)
  local path = package.searchpath(module, package.path)
  if not path or seen[path] then return seen end
  seen[path] = true
  seen[#seen + 1] = path
  local root = module:match "^capmod%.[%w_]+"
  for _, line in ipairs(lines_of(path)) do
    for wanted in line:gmatch "require%s*%(?%s*\"([%w_.]+)\"" do
      if wanted:sub(1, #root + 1) == root .. "." then parts_of(wanted, seen) end
    end
  end
  return seen
end

--- "frame" for methods:sort in frame/verbs.lua, "group" for Group:members.
local function owner_of(receiver, noun)
  local last = receiver:match "([%w_]+)$"
  return last:find "^%u" and last:lower() or noun
end

--- What `local methods` of a file are of, where it says so above: "course" in chain/course.lua.
local function class_of(list)
  for i, line in ipairs(list) do
    if line:find "^local methods = " then
      local class = block_above(list, i).class
      return class and class:match "[%w_]+$":lower()
    end
  end
end

--- A method is `function methods:sort(by)`, or `function verbs.sort(self, by)` in a part.
local function method_in(line, noun)
  local receiver, name, rest = line:match "^function ([%w_.]+):([%a][%w_]*)(%(.*)$"
  if receiver then return owner_of(receiver, noun) .. ":" .. name, arguments_of(rest) end
  name, rest = line:match "^function [%w_.]+%.([%a][%w_]*)%(self,?%s*(.*)$"
  if name then return noun .. ":" .. name, arguments_of("(" .. rest) end
end

local function without_self(params)
  if params[1] and params[1].name == "self" then table.remove(params, 1) end
end

local function add_methods(path, noun)
  local list = lines_of(path)
  noun = class_of(list) or noun
  for i, line in ipairs(list) do
    local name, arguments = method_in(line, noun)
    if name then
      local entry = block_above(list, i)
      entry.name, entry.call = name, name .. arguments
      without_self(entry.params)
      if #entry.returns > 0 or #entry.params > 0 then add(entry) end
    end
  end
end

--- The descriptions of capmod.core: methods of its types, by their own names.
local function add_core(file)
  local list = lines_of(("%s/stdlib/meta/%s.lua"):format(core.home, file))
  for i, line in ipairs(list) do
    local class, name = line:match "^function (%u%w*):([%a][%w_]*)%("
    if class then
      local entry = block_above(list, i)
      entry.name = class:lower() .. ":" .. name
      entry.call = entry.name .. arguments_of(line)
      add(entry)
    end
  end
end

local function add_noun(name, module, value)
  local path = package.searchpath(module, package.path)
  local callable = type(value) == "function" or (getmetatable(value) or {}).__call ~= nil
  local entry = header(lines_of(path))
  entry.name = "cm." .. name
  entry.fields = checked_fields(lines_of(path))
  entry.call = callable and #entry.fields > 0 and entry.name .. "{ ... }" or entry.name
  add(entry)
  if type(value) == "table" then
    for key, item in each(value) do
      if type(item) == "function" and type(key) == "string" and not key:find "^_" then
        add_function(("cm.%s.%s"):format(name, key), item)
      end
    end
  end
  for _, part in ipairs(parts_of(module, {})) do add_methods(part, name) end
end

--- What verbs give, or fields take, and no name of cm makes: a noun and its module, which has its
--- methods and, of a table to write, its fields.
local OBJECTS = {
  plan = { "capmod.plan" }, course = { "capmod.chain.course" },
  country = { "capmod.models.country" }, sector = { "capmod.models.sector" },
  stage = { "capmod.chain.stage", "fields",
    "a stage of cm.chain: stages = { { \"assembly\", at = \"KOR\", adds = 30 } }" },
  trade = { "capmod.chain.trade", "fields" },
  place = { "capmod.chain.terms", "places", "a place of cm.chain: places = { CHN = { ... } }" },
  operator = { "capmod.chain.terms", "operators",
    "an operator of cm.chain: operators = { CHN = { ... } }" },
}

local function add_object(name, of)
  local path = package.searchpath(of[1], package.path)
  local entry = of[3] and { doc = of[3], params = {}, returns = {} } or header(lines_of(path))
  entry.name, entry.call, entry.fields = name, of[2] and name .. " = { ... }" or name, {}
  for field, rule in each(of[2] and require(of[1])[of[2]] or {}) do
    entry.fields[#entry.fields + 1] = { name = field, type = table.concat(rule, "|"),
      about = rule.about or "", required = rule.required }
  end
  if not by_name["cm." .. name] then add(entry) end
  for _, part in ipairs(of[2] and {} or parts_of(of[1], {})) do add_methods(part, name) end
end

--- What could be asked for: read once, sorted by name.
---@return cm.HelpEntry[]
function help.entries()
  if entries then return entries end
  entries, by_name = {}, {}
  local cm = require "capmod"
  for name, place in each(getmetatable(cm).where) do
    if package.searchpath(place[1], package.path) then
      local loaded, value = pcall(function() return cm[name] end) -- a fault shows in its use
      if loaded and not place[2] then
        add_noun(name, place[1], value)
      elseif loaded and type(value) == "function" then
        add_function("cm." .. name, value)
      end
    end
  end
  for name, of in each(OBJECTS) do add_object(name, of) end
  for _, file in ipairs{ "matrix", "sparse", "table", "text" } do add_core(file) end
  table.sort(entries, function(a, b) return a.name < b.name end)
  return entries
end

-- ---- asking ------------------------------------------------------------------

local function plain(name) return (name:lower():gsub("^cm%.", ""):gsub(":", ".")) end

--- The entries that a name may mean: exactly it, or ending in it ("sort").
---@param name string
---@return cm.HelpEntry[]
function help.find(name)
  local wanted, ending = plain(name):gsub("%s+", ""), {}
  for _, entry in ipairs(help.entries()) do
    local known = plain(entry.name)
    if known == wanted then return { entry } end
    if known:sub(-#wanted - 1) == "." .. wanted then ending[#ending + 1] = entry end
  end
  return ending
end

--- The nearest name there is, as a question.
---@param name string
---@return string?
function help.suggest(name)
  local names, wanted = {}, plain(name)
  for _, entry in ipairs(help.entries()) do names[#names + 1] = plain(entry.name) end
  local best = errors.suggest(wanted, names)
  if best then return ("did you mean '%s'?"):format(by_name["cm." .. best] and "cm." .. best
    or best:gsub("%.", ":", 1)) end
  return "??text searches everything"
end

--- The names of the methods of a noun ("frame", "Matrix"), sorted.
---@param noun string
---@return string[]
function help.methods(noun)
  local list, start = {}, noun:lower() .. ":"
  for _, entry in ipairs(help.entries()) do
    if entry.name:sub(1, #start) == start then list[#list + 1] = entry.name:sub(#start + 1) end
  end
  return list
end

--- The fields of the table that a function takes, from its checks or the type
--- of a parameter: { by: string, descending: boolean? }.
---@param entry cm.HelpEntry
---@return cm.HelpField[]
function help.fields(entry)
  if #entry.fields > 0 then return entry.fields end
  local fields = {}
  for _, param in ipairs(entry.params) do
    for body in param.type:gmatch "%b{}" do
      for name, optional, kind in body:sub(2, -2):gmatch "([%a_][%w_]*)(%??)%s*:%s*([^,]*)" do
        fields[#fields + 1] = { name = name, type = kind:gsub("%s+$", "") .. optional, about = "" }
      end
    end
  end
  return fields
end

-- ---- text --------------------------------------------------------------------

local function columns(rows)
  local widths, out = { 1, 1 }, {}
  for _, row in ipairs(rows) do
    for i = 1, 2 do widths[i] = math.min(math.max(widths[i], #row[i]), 28) end
  end
  for i, row in ipairs(rows) do
    local text = ("  %-" .. widths[1] .. "s  %-" .. widths[2] .. "s  %s"):format(
      row[1], row[2], row[3])
    out[i] = text:gsub("%s+$", "")
  end
  return out
end

local function listed(title, fields)
  if #fields == 0 then return nil end
  local rows = {}
  for i, field in ipairs(fields) do
    rows[i] = { field.name, field.type .. (field.required and ", needed" or ""), field.about }
  end
  return title .. "\n" .. table.concat(columns(rows), "\n")
end

local function see_also(entry)
  local methods = help.methods(plain(entry.name):match "^[%w_]+")
  if entry.name:find ":" or #methods == 0 then return nil end
  return "methods: " .. table.concat(methods, " ")
end

local function render(entry)
  local parts = { entry.call }
  if entry.doc ~= "" then parts[#parts + 1] = entry.doc end
  parts[#parts + 1] = listed("fields", entry.fields)
  parts[#parts + 1] = listed("arguments", entry.params)
  if #entry.returns > 0 then
    parts[#parts + 1] = "gives " .. table.concat(entry.returns, ", ")
  end
  parts[#parts + 1] = see_also(entry)
  return table.concat(parts, "\n\n")
end

--- One screen on a name, or the names that it may mean; nil where there is none.
---@param name string
---@return string?
function help.text(name)
  local found = help.find(name)
  if #found == 0 then return nil end
  if #found == 1 then return render(found[1]) end
  local names = {}
  for i, entry in ipairs(found) do names[i] = "  " .. entry.call end
  return ("'%s' may be one of\n%s"):format(name, table.concat(names, "\n"))
end

local function first_sentence(doc) return doc:match "^[^\n]*" end

--- The entries that mention a text, one line each.
---@param wanted string
---@return string[]
function help.search(wanted)
  local rows = {}
  wanted = wanted:lower()
  for _, entry in ipairs(help.entries()) do
    local all = { entry.name, entry.doc }
    for _, list in ipairs{ entry.fields, entry.params } do
      for _, field in ipairs(list) do all[#all + 1] = field.name .. " " .. field.about end
    end
    if table.concat(all, "\n"):lower():find(wanted, 1, true) then
      rows[#rows + 1] = { entry.name, "", first_sentence(entry.doc) }
    end
  end
  for _, number in ipairs(errors.numbers()) do
    local entry = errors.explain(number)
    if (entry.title .. entry.text):lower():find(wanted, 1, true) then
      rows[#rows + 1] = { ("CM%04d"):format(number), "", entry.title }
    end
  end
  return columns(rows)
end

-- ---- the reference -----------------------------------------------------------

local function cell(text) return (text:gsub("|", "\\|"):gsub("\n", " ")) end

local function table_of(out, fields)
  if #fields == 0 then return end
  out[#out + 1] = "| name | type | |\n|---|---|---|"
  for _, field in ipairs(fields) do
    out[#out] = out[#out] .. ("\n| `%s` | `%s`%s | %s |"):format(field.name, cell(field.type),
      field.required and ", needed" or "", cell(field.about))
  end
end

--- Indented lines are code, as in the comments.
local function markdown(out, entry, level)
  out[#out + 1] = ("%s `%s`"):format(("#"):rep(level), entry.call)
  if entry.doc ~= "" then out[#out + 1] = entry.doc end
  table_of(out, entry.fields)
  table_of(out, entry.params)
  if #entry.returns > 0 then
    out[#out + 1] = "Gives `" .. table.concat(entry.returns, "`, `") .. "`."
  end
end

--- The reference of the library as Markdown, which docs/reference.md is.
---@return string
function help.reference()
  local out = { "# Reference", "Written by `capmod help --reference` from the comments in the "
    .. "sources; `?name` at the prompt shows the same.", "## The library" }
  local objects = {}
  for _, entry in ipairs(help.entries()) do
    local noun = entry.name:match "^([%w_]+):"
    if not noun then
      markdown(out, entry, 3)
    else
      objects[noun] = objects[noun] or {}
      table.insert(objects[noun], entry)
    end
  end
  out[#out + 1] = "## Objects"
  for noun, list in each(objects) do
    out[#out + 1] = "### " .. noun
    for _, entry in ipairs(list) do markdown(out, entry, 4) end
  end
  out[#out + 1] = "## Errors"
  local rows = { "| number | |\n|---|---|" }
  for _, number in ipairs(errors.numbers()) do
    rows[#rows + 1] = ("| CM%04d | %s |"):format(number, cell(errors.explain(number).title))
  end
  out[#out + 1] = table.concat(rows, "\n")
  return table.concat(out, "\n\n") .. "\n"
end

return setmetatable(help, {
  __call = function(_, name)
    require "capmod.args".one(name, "help", "name", "string")
    return help.text(name) or errors.raise(1005, {
      message = ("nothing is known of '%s'"):format(name), fix = help.suggest(name),
    })
  end,
})
