--- m:check(): what a table holds to, and by how much it does not.

local args = require "capmod.args"
local frame = require "capmod.frame"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local check = {}

local FIELDS = { all = { "boolean", about = "also what needs no attention" } }

-- Relative to the size of what is compared: rounding of a sum of n terms stays far below it, a
-- figure that was rounded in print far above.
local TOLERANCE = 1e-9

local function figure(value)
  return text.number(value, text.number_style({ value }, 1))
end

--- Rounding noise differs from machine to machine; what is printed does not.
local function noise(value)
  return value < 1e-12 and "max |error| below 1e-12" or ("max |error| %.1e"):format(value)
end

local function negative(count, least, place)
  if count == 0 then return "min " .. figure(least) end
  return ("%d below 0, least %s at %s"):format(count, figure(least), place)
end

--- What every table should hold to; `add(name, holds, detail)`.
local function identities(c, add)
  local gap = math.abs(c.world_va - c.world_final)
  local close = gap <= TOLERANCE * math.abs(c.world_final)
  add("world value added = world final demand", close, "gap " .. figure(close and 0 or gap))
  add("v·L = 1 for every product", c.vl_error.value <= TOLERANCE,
    noise(c.vl_error.value) .. (c.vl_error.value > TOLERANCE and " at " .. c.vl_error.col or ""))
end

--- Against what was published; a gap is mostly its rounding.
local function published(c, add)
  if c.balance then
    add("rows = published output", c.balance.value <= TOLERANCE * math.abs(c.output_mean),
      ("gap to %s at %s, mean %s of %s"):format(figure(c.balance.value), c.balance.row,
        figure(c.balance_mean), figure(c.output_mean)), true)
  end
  if c.column_gap then
    add("columns = published primary inputs",
      c.column_gap.value <= TOLERANCE * math.abs(c.world_output),
      ("gap to %s at %s"):format(figure(c.column_gap.value), c.column_gap.col), true)
  end
end

--- What is normal in real tables and good to know.
local function noted(c, add)
  add("flows are not negative", c.negative_z == 0,
    negative(c.negative_z, c.least_z.value, c.least_z.row .. ", " .. c.least_z.col))
  add("final demand is not negative", c.negative_y == 0,
    negative(c.negative_y, c.least_y.value, c.least_y.row .. ", " .. c.least_y.col))
  local idle = c.zero_output + c.negative_output
  add("every node has output", idle == 0, ("%s without, %d with negative output"):format(
    text.count(c.zero_output, "node"), c.negative_output))
  add("the system is well conditioned", c.rcond > 1e-8, ("rcond %.2g"):format(c.rcond))
end

--- A frame of checks: the identities and what was published to compare with, then what is worth a
--- note; everything with `all = true`. `result` is "ok", "no" for an identity that does not hold,
--- "note" for what is normal in real tables. Nothing is mended.
--- CM4001, CM4002 where I - A cannot be inverted.
---@param self capmod.Mrio
---@param t { all: boolean? }?
---@return capmod.Frame
function check.check(self, t)
  local s = store.of(self)
  t = args.check("check", t or {}, FIELDS)
  local c, rows = s.table:check(), {}
  local function note(name, holds, detail, always)
    if holds and not always and not t.all then return end
    rows[#rows + 1] = { check = name, result = holds and "ok" or "note", detail = detail }
  end
  note("value added is not negative", c.negative_va == 0,
    negative(c.negative_va, c.least_va.value, c.least_va.col), true)
  identities(c, function(name, holds, detail)
    rows[#rows + 1] = { check = name, result = holds and "ok" or "no", detail = detail }
  end)
  published(c, note)
  noted(c, note)
  return frame{ title = ("checks of '%s'"):format(s.name), keys = { "check" }, bar = false,
    cols = { "check", "result", "detail" }, rows = rows }
end

return check
