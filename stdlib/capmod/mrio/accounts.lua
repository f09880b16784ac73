--- m:accounts{} and m:footprint{}: satellites by who produces and by who consumes.

local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local group = require "capmod.mrio.group"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local accounts = {}

local ACCOUNTS = { satellite = { "string", required = true, about = "a row of F: \"CO2\"" } }
local FOOTPRINT = {
  satellite = { "string", about = "a row of F: \"CO2\"; value added if left out" },
  destination = { "string", "list", required = true, about = "whose consumption" },
  by = { "string", "list", about = "country (default), sector: where it arises" },
}

--- What final demand itself emits or employs, by country; zeros where the table does not say.
---@param s table
---@param name string
---@return number[]
function accounts.direct(s, name)
  local list, block, per = {}, s.table:part "FY", #s.columns // #s.countries
  for c = 1, #s.countries do list[c] = 0 end
  if not block then return list end
  for i, label in ipairs(s.table:part "F":labels "row") do
    if label == name then
      local row = block:row_list(i)
      for c = 1, #row do
        local country = (c - 1) // per + 1
        list[country] = list[country] + row[c]
      end
    end
  end
  return list
end

local function figure(value)
  return text.number(value, text.number_style({ value }, 1))
end

local function sum(list)
  local total = 0
  for _, value in ipairs(list) do total = total + value end
  return total
end

--- A satellite by country, as it is produced and as it is consumed.
---
---     m:accounts{ satellite = "CO2" }
---
--- `production` is what arises in a country: its industries and the direct part of its final demand
--- (FY); `consumption` what arises anywhere for its final demand, S L D, and the direct part.
--- `exports` and `imports` are what arises here for others and elsewhere for this country;
--- production = consumption + exports - imports. World sums agree, and the check says so.
--- Nodes without output carry their satellite to nobody: it is named where there is any.
--- CM1001-1003, CM1609, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { satellite: string }
---@return capmod.Frame
function accounts.accounts(self, t)
  local s = store.of(self)
  args.check("accounts", t, ACCOUNTS)
  local g = group.nodes(s, "country", "accounts")
  local row, name, unit = group.weights(s, t)
  local flows = s.table:origin(row, s.table:part "D", g.groups, g.labels)
  local made = group.sum(row:T() * s.table:part "x", g)
  local published = 0
  for i, label in ipairs(s.table:part "F":labels "row") do
    if label == name then published = s.table:part "F":row(i):sum() end
  end
  local used, own = flows:sum{ by = "col" }:row_list(1), flows:diag():list()
  local households, rows = accounts.direct(s, name), {}
  for c, country in ipairs(s.countries) do
    local home = type(own[c]) == "table" and own[c][1] or own[c]
    rows[c] = { country = country, production = made[c] + households[c],
      consumption = used[c] + households[c], direct = households[c], exports = made[c] - home,
      imports = used[c] - home, balance = made[c] - used[c] }
  end
  local check, gap = {}, sum(made) - sum(used)
  check[1] = math.abs(gap) <= 1e-9 * math.max(1e-300, math.abs(sum(made)))
    and ("adds up: production = consumption = %s"):format(figure(sum(made) + sum(households)))
    or ("does NOT add up: produced %s, consumed %s"):format(text.full(sum(made)),
      text.full(sum(used)))
  if math.abs(published - sum(made)) > 1e-9 * math.abs(published) then
    check[2] = ("left out: %s of nodes without output"):format(figure(published - sum(made)))
  end
  return frame{ title = ("%s by producer and by consumer"):format(name), unit = unit,
    keys = { "country" }, rows = rows, check = check, bar = false,
    cols = { { name = "country", kind = "country" }, { name = "production" },
      { name = "consumption" }, { name = "direct" }, { name = "exports" }, { name = "imports" },
      { name = "balance", format = "signed" } } }
end

--- What a footprint is in all, and what of it final demand makes itself.
local function total_line(s, t, total, extra)
  local line = "in all: " .. figure(total)
  if not t.satellite then return line end
  if s.table:part "FY" then return ("%s, %s of it direct (F_Y)"):format(line, figure(extra)) end
  return line .. ", without what final demand itself makes: the table has no F_Y"
end

--- Where what a country consumes arises: the footprint of its final demand, by origin.
---
---     m:footprint{ satellite = "CO2", destination = "DEU", by = { "country", "sector" } }
---
--- diag(s) L y by origin; the direct part of final demand (FY) stands in a row of its own,
--- "(direct)". CM1001-1004, CM11xx, CM1609, CM1610, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { satellite: string?, destination: string|string[], by: string|string[]|nil }
---@return capmod.Frame
function accounts.footprint(self, t)
  local s = store.of(self)
  args.check("footprint", t, FOOTPRINT)
  local g, to = group.nodes(s, t.by or "country", "footprint"),
    places.countries(s, t.destination)
  local row, name, unit = group.weights(s, t)
  local rows_group, cols_group = {}, {}
  for i = 1, #s.nodes do rows_group[i] = 1 end
  for c = 1, #s.countries do cols_group[c] = 0 end
  for _, c in ipairs(to.list) do cols_group[c] = 1 end
  local demand = s.table:demand(s.table:part "D", rows_group, { "all" }, cols_group, { "all" })
  local values = s.table:origin(row, demand, g.groups, g.labels):column_list(1)
  local extra, total, rows = 0, sum(values), {}
  local households = t.satellite and accounts.direct(s, name)
  for _, c in ipairs(t.satellite and to.list or {}) do extra = extra + households[c] end
  total = total + extra
  if total == 0 then
    errors.raise(1610, { message = ("footprint: there is no %s in the final demand of %s"):format(
      name, to.title), object = s.name, fix = "look at m.D and m.F for what there is" })
  end
  for i, cell in ipairs(g.cells) do
    rows[i] = { country = cell.country, sector = cell.sector, value = values[i],
      share = values[i] / total }
  end
  if extra ~= 0 then
    local one = { value = extra, share = extra / total }
    for _, key in ipairs(g.keys) do one[key] = "(direct)" end
    rows[#rows + 1] = one
  end
  local cols = group.columns(s, g)
  for _, col in ipairs(cols) do
    if extra ~= 0 then col.kind = "text" end
  end
  cols[#cols + 1] = { name = "value" }
  cols[#cols + 1] = { name = "share", format = "percent" }
  return frame{ title = ("footprint of %s: %s by origin"):format(to.title, name), unit = unit,
    keys = g.keys, rows = rows, cols = cols, bar = "share", note = group.notes(to),
    check = total_line(s, t, total, extra) }:sort{ by = "value", descending = true }
end

return accounts
