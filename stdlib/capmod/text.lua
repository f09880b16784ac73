--- Text as it stands on a screen: width, padding, numbers, bars, and what the terminal can show.
-- Everything that prints (frames, matrices, help) goes through here, so that one switch turns the
-- whole program to ASCII or to another width.
local text = {}

local getenv = os.getenv -- kept: a sandboxed script has no os.getenv, the printing still needs it
local floor, huge, abs = math.floor, math.huge, math.abs

-- ---- what the terminal can show -----------------------------------------------------------------

local override = {}

--- Overrides what is found out about the terminal; what is not named goes back to being found out.
---@param settings { utf8: boolean?, columns: integer?, color: boolean? }
function text.configure(settings)
  override = { utf8 = settings.utf8, columns = settings.columns, color = settings.color }
end

--- Calls a function that makes a part of a document: with UTF-8 and 100 columns, whatever the
--- terminal can show, so that the same document has the same bytes everywhere.
---@generic T
---@param f fun(...): T
---@return T
function text.document(f, ...)
  local before = override
  override = { utf8 = true, columns = 100, color = false }
  local ok, made = pcall(f, ...)
  override = before
  if not ok then error(made, 0) end
  return made
end

local function variable(name)
  local value = getenv and getenv(name)
  return value ~= "" and value or nil
end

--- Whether output may hold characters beyond ASCII: a UTF-8 locale, and NO_COLOR not set.
---@return boolean
function text.utf8()
  if override.utf8 ~= nil then return override.utf8 end
  local locale = variable "LC_ALL" or variable "LC_CTYPE" or variable "LANG" or ""
  return not variable "NO_COLOR" and locale:lower():find("utf%-?8") ~= nil
end

--- Whether colour is wanted at all (whether a stream is a terminal is for its writer to know).
---@return boolean
function text.color()
  if override.color ~= nil then return override.color end
  return not variable "NO_COLOR" and variable "TERM" ~= "dumb"
end

--- What knows the width of the terminal that stdout is (nil where it is none); the program sets it.
---@type fun(): integer?
function text.terminal() end

--- Columns to print in: COLUMNS, else those of the terminal, else 100; at least 40.
---@return integer
function text.columns()
  local columns = override.columns or
    math.tointeger(tonumber(variable "COLUMNS") or text.terminal())
  return math.max(40, columns or 100)
end

-- ---- width --------------------------------------------------------------------------------------

-- First and last code points of characters that take no column, and of those that take two
-- (Unicode 15, EastAsianWidth W and F; combining marks of the scripts met in country names).
local ZERO = { 0x300, 0x36F, 0x483, 0x489, 0x591, 0x5BD, 0x610, 0x61A, 0x64B, 0x65F, 0x200B, 0x200F,
  0x202A, 0x202E, 0x2060, 0x2064, 0x20D0, 0x20F0, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F, 0xFEFF, 0xFEFF }
local WIDE = { 0x1100, 0x115F, 0x231A, 0x231B, 0x2E80, 0x303E, 0x3041, 0x33FF, 0x3400, 0x4DBF,
  0x4E00, 0x9FFF, 0xA000, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F,
  0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1F9FF,
  0x20000, 0x3FFFD }

local function within(ranges, code)
  for i = 1, #ranges, 2 do
    if code < ranges[i] then return false end
    if code <= ranges[i + 1] then return true end
  end
  return false
end

local function char_width(code)
  if code < 0x300 then return 1 end
  if within(ZERO, code) then return 0 end
  return within(WIDE, code) and 2 or 1
end

--- Columns that `s` takes on a screen. Bytes that are not UTF-8 count one each.
---@param s string
---@return integer
function text.width(s)
  if not s:find "[\128-\255]" or not utf8.len(s) then return #s end
  local n = 0
  for _, code in utf8.codes(s) do n = n + char_width(code) end
  return n
end

--- `s` cut to at most `width` columns; what was cut is marked by an ellipsis.
---@param s string
---@param width integer
---@return string
function text.cut(s, width)
  if text.width(s) <= width then return s end
  local mark = text.utf8() and "…" or "..."
  local room = width - text.width(mark)
  if room < 0 then return (mark:gsub("^%.+$", function(dots) return dots:sub(1, width) end)) end
  if not utf8.len(s) then return s:sub(1, room) .. mark end
  local used, last = 0, 0
  for at, code in utf8.codes(s) do
    used = used + char_width(code)
    if used > room then break end
    last = at + #utf8.char(code) - 1
  end
  return s:sub(1, last):gsub("%s+$", "") .. mark
end

--- `s` with blanks up to `width` columns, on the right or, with `side = "left"`, on the left.
---@param s string
---@param width integer
---@param side "left"|"right"|nil
---@return string
function text.pad(s, width, side)
  local blanks = (" "):rep(width - text.width(s))
  return side == "left" and blanks .. s or s .. blanks
end

-- ---- ASCII --------------------------------------------------------------------------------------

local FOLDED = {
  ["…"] = "...", ["█"] = "#", ["·"] = ".", ["×"] = "x", ["−"] = "-", ["–"] = "-", ["—"] = "-",
  ["→"] = "->", ["←"] = "<-", ["∞"] = "inf", ["≤"] = "<=", ["≥"] = ">=", ["≠"] = "!=",
  ["Σ"] = "sum",
  ["‘"] = "'", ["’"] = "'", ["“"] = '"', ["”"] = '"', ["│"] = "|", ["─"] = "-", ["└"] = "+",
  ["●"] = "o", ["○"] = "x", ["°"] = " deg", ["²"] = "2", ["³"] = "3", ["€"] = "EUR", ["£"] = "GBP",
  ["¥"] = "JPY", ["ß"] = "ss", ["æ"] = "ae", ["Æ"] = "AE", ["œ"] = "oe", ["Œ"] = "OE", ["þ"] = "th",
  ["\u{A0}"] = " ", ["\u{202F}"] = " ", ["±"] = "+-", ["½"] = "1/2", ["┌"] = "+", ["┐"] = "+",
}
for plain, accented in ("A=ÀÁÂÃÄÅĀĂĄ C=ÇĆČ D=ĎĐÐ E=ÈÉÊËĒĘĚ G=Ğ I=ÌÍÎÏĪİ L=ŁĽ N=ÑŃŇ O=ÒÓÔÕÖØŌŐ R=Ř "
    .. "S=ŚŞŠȘ T=ŢŤȚ U=ÙÚÛÜŪŮŰ Y=ÝŸ Z=ŹŻŽ a=àáâãäåāăąə c=çćč d=ďđð e=èéêëēęě g=ğ i=ìíîïīı l=łľ "
    .. "n=ñńň o=òóôõöøōő r=ř s=śşšș t=ţťț u=ùúûüūůű y=ýÿ z=źżž"):gmatch "(%a)=(%S+)" do
  for _, code in utf8.codes(accented) do FOLDED[utf8.char(code)] = plain end
end

--- `s` in ASCII: signs and accented letters by their nearest spelling, the rest by '?'.
---@param s string
---@return string
function text.ascii(s)
  if not s:find "[\128-\255]" then return s end
  if not utf8.len(s) then return (s:gsub("[\128-\255]", "?")) end
  return (s:gsub(utf8.charpattern, function(c) return #c > 1 and (FOLDED[c] or "?") or nil end))
end

--- `s` as the terminal can show it: as it is, or folded to ASCII. Control characters become blanks.
---@param s string
---@return string
function text.plain(s)
  s = s:gsub("[%c]", " ")
  return text.utf8() and s or text.ascii(s)
end

-- ---- numbers ------------------------------------------------------------------------------------

---@class cm.NumberStyle
---@field digits integer decimals
---@field grouped boolean commas between thousands
---@field scientific boolean

local function group_thousands(s)
  local sign, whole, rest = s:match "^([+-]?)(%d+)(.*)$"
  if not whole or #whole < 4 then return s end
  local head = (#whole - 1) % 3 + 1
  return sign .. whole:sub(1, head) .. whole:sub(head + 1):gsub("%d%d%d", ",%0") .. rest
end

local function decimals_for(largest, integral)
  if integral then return 0 end
  if largest >= 1e5 then return 0 end
  if largest >= 1000 then return 1 end
  if largest >= 1 then return 2 end
  if largest >= 0.01 then return 4 end
  return 3 - floor(math.log(largest, 10))
end

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

--- `s` as it stands in XML and HTML, also between double quotes: signs of markup as entities,
--- blanks for control characters, "?" for bytes that are no UTF-8.
---@param s string
---@return string
function text.xml(s)
  if not utf8.len(s) then s = s:gsub("[\128-\255]", "?") end
  return (s:gsub("%c", " "):gsub('[&<>"]', ENTITIES))
end

--- One style for all the numbers of a column, chosen from the data: whole numbers have no decimals,
--- others about four figures of the largest; thousands are parted from 100,000 on; what is beyond
--- 1e15 or below 1e-6 is written with an exponent.
---@param values table the values, which need not all be numbers
---@param count integer
---@param digits integer? decimals, where they are fixed
---@return cm.NumberStyle
function text.number_style(values, count, digits)
  local largest, integral = 0, true
  for i = 1, count do
    local v = values[i]
    if type(v) == "number" and v == v and v ~= huge and v ~= -huge then
      local size = abs(v)
      if size > largest then largest = size end
      if integral and v % 1 ~= 0 then integral = false end
    end
  end
  local scientific = largest >= 1e15 or (largest > 0 and largest < 1e-6)
  return {
    digits = digits or (scientific and 3) or decimals_for(largest, integral),
    grouped = largest >= 99999.5,
    scientific = scientific,
  }
end

--- The fewest decimals (at most 6) that show each of `values` to nine figures.
---@param values number[]
---@param count integer
---@return integer
function text.exact_digits(values, count)
  local digits = 0
  for i = 1, count do
    local v = values[i]
    if type(v) == "number" and v == v and abs(v) < 1e15 then
      while digits < 6 and abs(tonumber(("%%.%df"):format(digits):format(v)) - v) > 1e-9 * abs(v) do
        digits = digits + 1
      end
    end
  end
  return digits
end

--- A number as text; "" for nil, "-" where no number is defined (NaN), the sign for infinity.
---@param value any
---@param style cm.NumberStyle
---@return string
function text.number(value, style)
  if value == nil then return "" end
  if type(value) ~= "number" then return tostring(value) end
  if value ~= value then return "-" end
  if value == huge then return text.utf8() and "∞" or "inf" end
  if value == -huge then return text.utf8() and "-∞" or "-inf" end
  if style.scientific then return ("%%.%de"):format(style.digits):format(value) end
  local s
  if style.digits == 0 and math.type(value) == "integer" then
    s = ("%d"):format(value)
  else
    s = ("%%.%df"):format(style.digits):format(value)
  end
  if s:find "^%-[0.]*$" then s = s:sub(2) end -- no "-0.00"
  return style.grouped and group_thousands(s) or s
end

--- A fraction as percent: 0.372 gives "37.2%".
---@param value any
---@param digits integer? decimals (1)
---@return string
function text.percent(value, digits)
  if type(value) ~= "number" or value ~= value or abs(value) == huge then
    return text.number(value, { digits = 0, grouped = false, scientific = false })
  end
  local s = ("%%.%df"):format(digits or 1):format(100 * value)
  return (s:find "^%-[0.]*$" and s:sub(2) or s) .. "%"
end

--- A number at full precision, as files hold it: 17 significant digits, whole numbers as they are.
---@param value number
---@return string
function text.full(value)
  if value ~= value then return "NaN" end
  if value == huge then return "Inf" end
  if value == -huge then return "-Inf" end
  if math.type(value) == "integer" then return ("%d"):format(value) end
  return ("%.17g"):format(value)
end

--- A number as one would write it: 0.17, 17, 1e-09 (14 significant digits); of what has no text of
--- its own its kind, "a function": an address would differ from run to run.
---@param value any
---@return string
function text.short(value)
  if math.type(value) == "float" then
    if value ~= value or abs(value) == huge then
      return text.number(value, { digits = 0, grouped = false, scientific = false })
    end
    return ("%.14g"):format(value)
  end
  local said = tostring(value)
  local kind = type(value) ~= "string" and said:match "^([%w_.]+): 0x%x+$"
  return kind and "a " .. kind:gsub("^cm%.", "") or said
end

--- A bar of `fraction` (0 ... 1) of `width` columns, rounded to whole ones.
---@param fraction number
---@param width integer
---@return string
function text.bar(fraction, width)
  if fraction ~= fraction or fraction <= 0 then return "" end
  return (text.utf8() and "█" or "#"):rep(floor(math.min(fraction, 1) * width + 0.5))
end

--- "1 run", "14 runs".
---@param n integer
---@param noun string
---@param plural string?
---@return string
function text.count(n, noun, plural)
  return ("%d %s"):format(n, n == 1 and noun or plural or noun .. "s")
end

return text
