--- JSON text from Lua values: keys sorted, numbers at 17 digits, so that the same value always
--- gives the same bytes.

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

return json
