-- Writes engine/src/io/powers_of_five.h, the table behind cm_number_parse:
--
--   capmod run scripts/data/powers_of_five.lua > engine/src/io/powers_of_five.h
--
-- Row q holds the first 128 bits of 5^q, its top bit set, as in Lemire, "Number
-- parsing at a gigabyte per second", Software: Practice and Experience 51
-- (2021): cut off, but rounded up for -27 <= q < 0, where a product with a
-- 64-bit number can be exact. A big number is a list of 32-bit limbs, lowest
-- first.

local FIRST, LAST = -342, 308

local function times5(n)
  local carry = 0
  for i = 1, #n do
    local x = n[i] * 5 + carry
    n[i], carry = x & 0xffffffff, x >> 32
  end
  if carry > 0 then n[#n + 1] = carry end
end

local function over5(n)
  local rest = 0
  for i = #n, 1, -1 do
    local x = rest << 32 | n[i]
    n[i], rest = x // 5, x % 5
  end
  if n[#n] == 0 then n[#n] = nil end
end

local function bit_length(n)
  local top, bits = n[#n], 0
  while top > 0 do top, bits = top >> 1, bits + 1 end
  return (#n - 1) * 32 + bits
end

-- 64 bits of n from bit `from` (which may be negative: zeros come in) upwards.
local function word(n, from)
  local w = 0
  for bit = 63, 0, -1 do
    local at = from + bit
    local limb = at >= 0 and n[at // 32 + 1] or 0
    w = w << 1 | (limb >> at % 32 & 1)
  end
  return w
end

local function top128(n)
  local bits = bit_length(n)
  return word(n, bits - 64), word(n, bits - 128)
end

local rows = {}

local n = { 1 }
for q = 0, LAST do
  rows[q] = { top128(n) }
  times5(n)
end

-- floor(floor(x / 5) / 5) = floor(x / 25), so one long quotient serves all q:
-- the first 128 bits of floor(2^b / 5^-q) are those of any larger b.
n = {}
for i = 1, 40 do n[i] = 0 end
n[41] = 1
for q = -1, FIRST, -1 do
  over5(n)
  local high, low = top128(n)
  if q >= -27 then
    low = low + 1
    if low == 0 then high = high + 1 end
  end
  rows[q] = { high, low }
end

print("/* Made by scripts/data/powers_of_five.lua; do not edit. */")
print("/* clang-format off */")
print(("enum { POWER_FIRST = %d, POWER_LAST = %d };"):format(FIRST, LAST))
print("static const uint64_t power_of_five[][2] = {")
for q = FIRST, LAST, 2 do
  local line = {}
  for i = q, math.min(q + 1, LAST) do
    line[#line + 1] = ("{0x%016x, 0x%016x},"):format(rows[i][1], rows[i][2])
  end
  print("  " .. table.concat(line, " "))
end
print("};")
print("/* clang-format on */")
