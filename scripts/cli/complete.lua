--- What the Tab key offers: names, fields of what stands before a dot or colon,
--- fields of a constructor inside its braces, and inside quotes the values that
--- a field takes, or codes and names of countries and sectors.

local each = require "capmod.each"
local help = require "capmod.help"

local complete = {}

---@class Choice
---@field text string   what comes in the place of the word
---@field label string  what is listed
---@field note? boolean  whether the label says more than the text

local keywords = {
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
  "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
}

local function choice(text, label) return { text = text, label = label or text } end

-- ---- names -------------------------------------------------------------------

--- A value's noun, as help knows it: "frame" for a cm.Frame.
local function noun_of(value)
  local meta = debug.getmetatable(value)
  local name = type(meta) == "table" and (meta.__name or meta.__type)
  return type(name) == "string" and name:match "[%w_]+$":lower() or nil
end

--- The value of "a.b.c" without calling anything but __index; nil where there is none.
local function value_of(path)
  local value = _G
  for name in path:gmatch "[%w_]+" do
    local ok, found = pcall(function() return value[name] end)
    if not ok then return nil end
    value = found
  end
  return value
end

--- The keys of a table and of those behind it, and the methods that help knows.
local function members(value, methods_only)
  local seen = {}
  local function take(t)
    for name, item in each(t) do
      if type(name) == "string" and name:find "^%a" and
        (not methods_only or type(item) == "function") then seen[name] = true end
    end
  end
  local meta = debug.getmetatable(value)
  for _ = 1, 8 do
    if type(value) == "table" and not (meta and rawget(meta, "__pairs")) then
      local raw = {}
      for key, item in next, value do raw[key] = item end
      take(raw)
    end
    local behind = type(meta) == "table" and rawget(meta, "__index")
    if type(behind) ~= "table" then break end
    value, meta = behind, debug.getmetatable(behind)
    if meta == nil then meta = false end
  end
  return seen
end

local function public_names(value)
  local meta = debug.getmetatable(value)
  return type(meta) == "table" and meta.where or {}
end

local function after_dot(path, separator)
  local value = value_of(path)
  if value == nil then return {} end
  local seen = members(value, separator == ":")
  for name in each(public_names(value)) do seen[name] = true end
  local noun = noun_of(value)
  for _, name in ipairs(noun and help.methods(noun) or {}) do seen[name] = true end
  return seen
end

local function names(path, separator, prefix)
  local seen = {}
  if path then
    seen = after_dot(path, separator)
  else
    for _, word in ipairs(keywords) do seen[word] = true end
    for name in each(_G) do
      if type(name) == "string" and name:find "^[%a]" then seen[name] = true end
    end
  end
  local list = {}
  for name in each(seen) do
    if name:sub(1, #prefix) == prefix then list[#list + 1] = choice(name) end
  end
  return list
end

-- ---- inside a call's braces ----------------------------------------------------

--- Where the innermost open brace is, and whether the line ends inside a string:
--- { brace = position }, and the position of the quote.
local function scan(line)
  local open, quote, i = {}, nil, 1
  while i <= #line do
    local c = line:sub(i, i)
    if quote then
      if c == "\\" then
        i = i + 1
      elseif c == line:sub(quote, quote) then
        quote = nil
      end
    elseif c == "\"" or c == "'" then
      quote = i
    elseif c:find "[{(%[]" then
      open[#open + 1] = i
    elseif c:find "[})%]]" then
      open[#open] = nil
    end
    i = i + 1
  end
  return open, quote
end

--- The entry of the function whose `(` or `{` stands at `at`.
local function callee(line, at)
  local name = line:sub(1, at - 1):match "([%a_][%w_.:]*)%s*$"
  if not name then return nil end
  local object, method = name:match "^(.-):([%w_]+)$"
  if object then
    local value = value_of(object)
    local noun = value ~= nil and noun_of(value)
    if noun then name = noun .. ":" .. method else name = method end
  end
  local found = help.find(name)
  return #found == 1 and found[1] or nil
end

--- The fields that the innermost call takes.
local function fields_at(line, open)
  for k = #open, math.max(1, #open - 1), -1 do
    local entry = callee(line, open[k])
    if entry then return help.fields(entry) end
  end
  return {}
end

local function fields(line, open, prefix)
  local list = {}
  for _, field in ipairs(fields_at(line, open)) do
    if field.name:sub(1, #prefix) == prefix then
      list[#list + 1] = choice(field.name .. " = ", field.name)
    end
  end
  return list
end

-- ---- inside quotes -------------------------------------------------------------

--- The literal values in a field's type: "left"|"inner".
local function literals(line, open, quote, prefix)
  local name = line:sub(1, quote - 1):match "([%a_][%w_]*)%s*=%s*{?%s*$"
  local list = {}
  for _, field in ipairs(name and fields_at(line, open) or {}) do
    if field.name == name then
      for value in (field.type .. " " .. field.about):gmatch "\"([%w_]+)\"" do
        if value:sub(1, #prefix) == prefix then list[#list + 1] = choice(value) end
      end
    end
  end
  return list
end

local function codes(prefix)
  local word = prefix:match "[^+%-.]*$":gsub("^%s+", "")
  local list, found, known = {}, pcall(require, "capmod.codes")
  if not found or word == "" then return list, word end
  for _, item in ipairs(known.complete(word)) do
    list[#list + 1] = { text = item.text, label = item.label, note = true }
  end
  for _, item in ipairs(known.complete_sector(word)) do
    list[#list + 1] = { text = item.text, label = item.label, note = true }
  end
  return list, word
end

-- ---- the answer ----------------------------------------------------------------

--- What may stand for the word before the cursor, and that word.
---@param line string  up to the cursor
---@return Choice[], string
function complete.choices(line)
  local open, quote = scan(line)
  if quote then
    local prefix = line:sub(quote + 1)
    local list = literals(line, open, quote, prefix)
    if #list > 0 then return list, prefix end
    return codes(prefix)
  end
  local path, separator, prefix = line:match "([%a_][%w_.]*)([.:])([%w_]*)$"
  if not path then prefix = line:match "[%w_]*$" end
  if not path and #open > 0 and line:sub(1, -#prefix - 1):find "[{,]%s*$" then
    local list = fields(line, open, prefix)
    if #list > 0 then return list, prefix end
  end
  if prefix == "" and not path then return {}, "" end
  return names(path, separator, prefix), prefix
end

local function common(list)
  local shared = list[1].text
  for _, item in ipairs(list) do
    while item.text:sub(1, #shared) ~= shared do
      shared = shared:sub(1, utf8.offset(shared, -1) - 1)
    end
  end
  return shared
end

--- For the editor: how many characters go, what comes in their place, what to list.
---@param line string
---@return integer, string, string?
function complete.answer(line)
  local list, word = complete.choices(line)
  if #list == 0 then return 0, "" end
  local shared = common(list)
  local better = #shared > #word or (#list == 1 and shared ~= word)
  local labels = {}
  for i, item in ipairs(list) do labels[i] = item.label end
  if #labels > 60 then labels = { table.unpack(labels, 1, 60), "..." } end
  local shown = #list > 1 and not better and table.concat(labels, "  ") or nil
  if #list == 1 and list[1].note then shown = list[1].label end
  if not better then return 0, "", shown end
  return utf8.len(word) or #word, shared, shown
end

return complete
