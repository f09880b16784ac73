--- What a chain's value is made of: one record for every stage, place,
--- operator and component, and their sums by any of these.

local combine = require "capmod.chain.combine"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local stage = require "capmod.chain.stage"
local tracing = require "capmod.chain.tracing"

local value = {}

--- What is decomposed, by what it can be, and what titles add to the word.
value.kinds = {
  value = { "country", "owner", "stage", "sector", "component" },
  jobs = { "country", "owner", "stage", "sector", "skill" },
  revenue = { "country", "stage", "sector", "component" },
}

local views = {
  value = { country = "where the work is done", owner = "who earns it" },
  jobs = { country = "where the work is done", owner = "whose operation it is" },
  revenue = { country = "whose revenue it is" },
}

local PUBLIC = { tax = true, subsidy = true, duty = true }

local function owner_of(part, site)
  return part.to or stage.components[part[1]] == "owner" and site.by or site.at
end

local function add_figure(records, s, site, trace)
  local figure = stage.figure(s, site.at, site.by)
  local weight = s.per_unit * site.weight
  for _, part in ipairs(figure.parts or { { "(not split)", figure.total } }) do
    local outside = part.to == "(bought in)" and part.to
    if not (outside and trace and trace:add_inputs(records, s, site.at, weight * part[2])) then
      records[#records + 1] = {
        country = part.to or site.at, owner = owner_of(part, site), stage = outside or s.name,
        sector = outside or s.sector or "(no sector)", component = outside or part[1],
        value = weight * part[2],
      }
    end
  end
end

--- Labour of a stage, for all that is made.
local function add_jobs(records, s, site)
  local weight = s.world.volume * s.per_unit * site.weight
  for _, job in ipairs(stage.figure(s, site.at, site.by).jobs or {}) do
    records[#records + 1] = { country = site.at, owner = site.by, stage = s.name,
      sector = s.sector or "(no sector)", skill = job[1], value = weight * job[2] }
  end
end

local function add_outside(records, label, place, amount)
  records[#records + 1] = {
    country = place, owner = place, stage = label, sector = label, component = label,
    value = amount,
  }
end

--- The value added for one unit of a stage, and what it buys for it; nil where
--- the stage is open and its figure depends on the choice.
---@param s table
---@return number? adds, number buys
function value.of_stage(s)
  local buys, adds = 0, 0
  for _, purchase in ipairs(s.buys) do buys = buys + purchase[2] end
  if stage.open(s) then
    local total = not s.costed and s.adds.total
    return total and (s.intensity or 1) * total or nil, buys
  end
  for _, site in ipairs(stage.sites(s)) do
    local figure = stage.figure(s, site.at, site.by)
    adds = adds + site.weight * figure.total
    buys = buys + site.weight * (figure.materials or 0)
  end
  return adds, buys
end

--- Sums bought-in value by label over the stages: a list of { label, amount }.
local function purchases(stages)
  local sums, list = {}, {}
  for _, s in ipairs(stages) do
    for _, purchase in ipairs(s.buys) do
      sums[purchase[1]] = (sums[purchase[1]] or 0) + s.per_unit * purchase[2]
    end
  end
  for label, amount in each(sums) do list[#list + 1] = { label, amount } end
  return list
end

--- All records of a settled chain.
local function records_of(chain, trace, kind)
  local records = {}
  if kind == "jobs" then
    for _, s in ipairs(chain.list) do
      for _, site in ipairs(stage.sites(s)) do add_jobs(records, s, site) end
    end
    return records
  end
  for _, s in ipairs(chain.list) do
    for _, site in ipairs(stage.sites(s)) do add_figure(records, s, site, trace) end
  end
  for _, purchase in ipairs(purchases(chain.list)) do
    if trace then
      trace:add_product(records, purchase[1], purchase[2])
    else
      add_outside(records, "(bought in)", "(bought in)", purchase[2])
    end
  end
  if chain.remainder ~= 0 then add_outside(records, "(rest)", chain.rest, chain.remainder) end
  for _, charge in ipairs(chain.landing or {}) do
    if charge.value ~= 0 then records[#records + 1] = charge end
  end
  if kind ~= "revenue" then return records end
  local public = {}
  for _, record in ipairs(records) do
    if PUBLIC[record.component] then public[#public + 1] = record end
  end
  return public
end

local function label_of(record, by)
  local labels = {}
  for i, dimension in ipairs(by) do labels[i] = record[dimension] end
  return table.concat(labels, "\0")
end

--- Sums records by their labels, largest first, equals in the order of labels.
local function grouped(records, by)
  local rows, row_of = {}, {}
  for _, record in ipairs(records) do
    local label = label_of(record, by)
    local row = row_of[label]
    if not row then
      row = { value = 0, label = label }
      for _, dimension in ipairs(by) do row[dimension] = record[dimension] end
      row_of[label], rows[#rows + 1] = row, row
    end
    row.value = row.value + record.value
  end
  table.sort(rows, function(a, b)
    if a.value ~= b.value then return a.value > b.value end
    return a.label < b.label
  end)
  return rows
end

local titles = { value = "value", jobs = "jobs", revenue = "public revenue" }

local function title_of(chain, by, kind)
  local view = #by == 1 and views[kind][by[1]]
  return ("%s: %s by %s%s"):format(chain.name, titles[kind], table.concat(by, " and "),
    view and (" (" .. view .. ")") or "")
end

local function list_where(stages, test)
  local names = {}
  for _, s in ipairs(stages) do
    if test(s) then names[#names + 1] = s.name end
  end
  if #names > 4 then names = { names[1], names[2], names[3], ("%d more"):format(#names - 3) } end
  return table.concat(names, ", ")
end

local function is_plain(s)
  for _, site in ipairs(stage.sites(s)) do
    local figure = stage.figure(s, site.at, site.by)
    if not figure.parts and figure.total ~= 0 then return true end
  end
  return false
end

--- Whether a stage has a profit and nobody is named who runs it.
local function has_no_operator(s)
  for _, site in ipairs(s.by and {} or stage.sites(s)) do
    for _, part in ipairs(stage.figure(s, site.at, site.by).parts or {}) do
      if stage.components[part[1]] == "owner" and part[2] ~= 0 then return true end
    end
  end
  return false
end

local function owner_notes(chain)
  local notes = {}
  local plain = list_where(chain.list, is_plain)
  local nobody = list_where(chain.list, has_no_operator)
  if plain ~= "" then
    notes[#notes + 1] = "a plain number counts as wages of the place: " .. plain
  end
  if nobody ~= "" then
    notes[#notes + 1] = "nobody is named who runs it, so profit stays with the place: " .. nobody
  end
  return notes
end

local function sum_text(chain, total, digits, kind)
  local text = ("%%.%df"):format(digits)
  if kind == "jobs" then
    return ("sum %s, for %s made"):format(text:format(total),
      stage.figure_text(chain.world.volume))
  elseif kind == "revenue" then
    return ("sum %s, taxes and duties less subsidies"):format(text:format(total))
  end
  if not chain.price then return ("sum %s; no price is stated"):format(text:format(total)) end
  return ("adds up: %s = price %s"):format(text:format(total), text:format(chain.price))
end

local function notes_of(chain, by, trace, kind)
  local notes = {}
  if kind ~= "value" then return notes end
  for _, dimension in ipairs(by) do
    if dimension == "owner" then notes = owner_notes(chain) end
  end
  for _, line in ipairs(trace and trace:notes() or {}) do notes[#notes + 1] = line end
  return notes
end

--- A name as a key of a table constructor.
local function key_text(name)
  return name:match "^[%a_][%w_]*$" or ("[%q]"):format(name)
end

--- Refuses what is not settled. CM2006, CM2049 where quantities depend on prices.
---@param chain table
function value.refuse_open(chain)
  local found = errors.findings()
  for _, s in ipairs(chain.list) do
    local field = stage.open(s)
    local list, fix = s[field], field
    if field == "recipes" then
      list, fix = {}, ("chain:locate chooses, or stages = { %s = { recipe = \"%s\" } }"):format(
        key_text(s.name), s.variants[1].recipe)
      for i, v in ipairs(s.variants) do list[i] = v.recipe end
    elseif field == "options" then
      list, fix = {}, "chain:locate chooses, or agreed = { ... } of the mode settles it"
      for i, way in ipairs(s.ways) do
        list[i] = ("%s at %s%s"):format(way.by, way.at, way.label and (" (%s)"):format(way.label)
          or "")
      end
    elseif field then
      fix = ("settle it: chain:with{ stages = { %s = { %s = \"%s\" } } }"):format(
        key_text(s.name), field, list[1])
    end
    if field then
      found:add(2006, {
        message = ("'%s': the stage '%s' is not settled: %s is one of %s"):format(chain.name,
          s.name, field, table.concat(list, ", ")),
        object = ("stage '%s'"):format(s.name), field = field, fix = fix,
      })
    end
  end
  if #found == 0 and combine.names(chain.list) then
    combine.refuse(found, chain, "it is to be said what goes into a unit", "ask a plan, in which "
      .. "all prices are known: chain:locate():decompose()")
  end
  found:raise()
end

--- Decomposes a chain's value. See decompose in chain.lua.
---@param chain table
---@param by string[]
---@param through? table
---@param kind string
---@return cm.Frame
function value.decompose(chain, by, through, kind)
  value.refuse_open(chain)
  local trace = through and tracing.of(through)
  local records = records_of(chain, trace, kind)
  local total = 0
  for _, record in ipairs(records) do total = total + record.value end
  local rows = grouped(records, by)
  for _, row in ipairs(rows) do
    row.label, row.share = nil, total ~= 0 and row.value / total or 0
    local sum = row.value
    row.value = nil
    row[kind] = sum
  end
  local digits = math.abs(total) > 1 and 2 or 4
  local cols = {}
  for i, dimension in ipairs(by) do
    local is_place = dimension == "country" or dimension == "owner"
    cols[i] = { name = dimension, kind = is_place and "country" or nil }
  end
  cols[#cols + 1] = { name = kind, digits = digits }
  cols[#cols + 1] = { name = "share", format = "percent" }
  return frame{
    title = title_of(chain, by, kind), unit = kind ~= "jobs" and chain.unit or nil, keys = by,
    cols = cols, rows = rows, bar = "share", check = sum_text(chain, total, digits, kind),
    note = notes_of(chain, by, trace, kind),
  }
end

return value
