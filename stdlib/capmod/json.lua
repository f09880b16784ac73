--- JSON text from Lua values: keys sorted, numbers at 17 digits, so that the same value always
--- gives the same bytes. And Lua values from JSON text (RFC 8259).

local each = require "capmod.each"
local text = require "capmod.text"

local json = {}

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function quoted(s)
  return '"' .. s:gsub('[%c"\\\127]', function(c)
    return ESCAPES[c] or ("\\u%04x"):format(c:byte())
  end) .. '"'
end

local encode

local function encode_table(t, indent)
  local inner, parts = indent .. "  ", {}
  local is_list = #t > 0
  for key, value in each(t) do
    local item = encode(value, inner)
    parts[#parts + 1] = inner .. (is_list and item or quoted(tostring(key)) .. ": " .. item)
  end
  if #parts == 0 then return "{}" end
  local open, close = is_list and "[" or "{", is_list and "]" or "}"
  return ("%s\n%s\n%s%s"):format(open, table.concat(parts, ",\n"), indent, close)
end

function encode(value, indent)
  if type(value) == "table" and not getmetatable(value) then return encode_table(value, indent) end
  if type(value) == "boolean" or value == nil then return tostring(value):gsub("nil", "null") end
  if type(value) == "number" and value == value and math.abs(value) ~= math.huge then
    return text.full(value)
  end
  return quoted(type(value) == "number" and text.full(value) or tostring(value))
end

--- The JSON text of a value: tables with [1] are lists, others objects; numbers that JSON cannot
--- hold (NaN, Inf) and objects are written as texts.
---@param value any
---@return string
function json.encode(value)
  return (encode(value, ""))
end

--- The same in one line.
---@param value any
---@return string
function json.line(value)
  if type(value) ~= "table" or getmetatable(value) then return json.encode(value) end
  local parts, is_list = {}, #value > 0
  for key, item in each(value) do
    parts[#parts + 1] = (is_list and "" or quoted(tostring(key)) .. ":") .. json.line(item)
  end
  return (is_list and "[%s]" or "{%s}"):format(table.concat(parts, ","))
end

-- ---- reading ------------------------------------------------------------------------------------

local DEPTH = 100 -- of values within values
local UNESCAPED = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }
local WORDS = { ["true"] = true, ["false"] = false }

--- Ends the reading; what is thrown is caught by json.decode.
local function wrong(s, at, message)
  error({ line = 1 + select(2, s:sub(1, at - 1):gsub("\n", "")), message = message }, 0)
end

local function after_blanks(s, at) return s:match("^[ \t\r\n]*()", at) end

--- The character of \\uXXXX whose digits begin at `at`, and what comes behind it.
local function escaped_code(s, at)
  local code = tonumber(s:match("^%x%x%x%x", at) or wrong(s, at, "an escape that is none"), 16)
  local low = code >= 0xD800 and code < 0xDC00 and s:match("^\\u([dD][c-fC-F]%x%x)", at + 4)
  if low then
    return utf8.char(0x10000 + (code - 0xD800) * 1024 + tonumber(low, 16) - 0xDC00), at + 10
  elseif code >= 0xD800 and code < 0xE000 then
    wrong(s, at, "half of a character")
  end
  return utf8.char(code), at + 4
end

local function read_text(s, at)
  local parts, from = {}, at + 1
  while true do
    local stop = s:find('[%c"\\]', from) or wrong(s, #s, "the text ends within a string")
    parts[#parts + 1] = s:sub(from, stop - 1)
    local mark, kind = s:sub(stop, stop), s:sub(stop + 1, stop + 1)
    if mark == '"' then return table.concat(parts), stop + 1 end
    if mark == "\127" then
      parts[#parts + 1], from = mark, stop + 1
    elseif mark ~= "\\" then
      wrong(s, stop, "a control character within a string")
    elseif kind == "u" then
      parts[#parts + 1], from = escaped_code(s, stop + 2)
    else
      parts[#parts + 1] = UNESCAPED[kind] or wrong(s, stop, "an escape that is none")
      from = stop + 2
    end
  end
end

local decode

--- The members of a list or an object, of which `at` is the bracket.
local function read_members(s, at, depth, close)
  local t, n, comma = {}, 0, nil
  at = after_blanks(s, at + 1)
  while comma or s:sub(at, at) ~= close do
    local key
    if close == "}" then
      if s:sub(at, at) ~= '"' then wrong(s, at, "the name of a field is missing") end
      key, at = read_text(s, at)
      at = after_blanks(s, at)
      if s:sub(at, at) ~= ":" then wrong(s, at, "a ':' is missing") end
      at = at + 1
    end
    n = n + 1
    t[key or n], at = decode(s, at, depth + 1)
    at = after_blanks(s, at)
    comma = s:sub(at, at) == ","
    if comma then at = after_blanks(s, at + 1)
    elseif s:sub(at, at) ~= close then wrong(s, at, ("a ',' or '%s' is missing"):format(close)) end
  end
  return t, at + 1
end

function decode(s, at, depth)
  at = after_blanks(s, at)
  local mark = s:sub(at, at)
  if depth > DEPTH then wrong(s, at, "values too deep within values") end
  if mark == "{" then return read_members(s, at, depth, "}") end
  if mark == "[" then return read_members(s, at, depth, "]") end
  if mark == '"' then return read_text(s, at) end
  local word = s:match("^[%w+.-]+", at) or ""
  if word == "null" then return nil, at + 4 end
  if WORDS[word] ~= nil then return WORDS[word], at + #word end
  local number = word:find "^-?%d+%.?%d*[eE]?[+-]?%d*$" and not word:find "^-?0%d" and
    tonumber(word)
  return number or wrong(s, at, mark == "" and "the text ends too soon" or "no value"), at + #word
end

--- The value of a JSON text; null is nil. Or nil, what is wrong, and in which line.
---@param s string
---@return any value, string? message, integer? line
function json.decode(s)
  local ok, value, at = pcall(decode, s, 1, 0)
  if ok and after_blanks(s, at) <= #s then
    ok, value = pcall(wrong, s, after_blanks(s, at), "something follows the value")
  end
  if ok then return value end
  if type(value) ~= "table" then error(value, 0) end
  return nil, value.message, value.line
end

return json
