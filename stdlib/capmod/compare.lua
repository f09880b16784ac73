--- cm.compare: the same question asked of several things, side by side.
---
---     cm.compare{ s, s:with{ name = "free trade", tariff = 0 } }      -- scenarios are run
---     cm.compare{ export, transfer, by = "owner", value = "share" }   -- what can be decomposed
---
--- One column a thing, and of two the change from the first to the second. Errors CM3011 what
--- cannot be compared, CM1507 and CM14xx different units.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local parameters = require "capmod.scenario.parameters"
local results = require "capmod.scenario.results"
local scenario = require "capmod.scenario"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local function refuse(message, fix)
  errors.raise(3011, { message = "compare: " .. message, object = "compare", fix = fix })
end

-- ---- what is compared ---------------------------------------------------------------------------

--- A field of anything, also of what raises where it has none.
local function field_of(x, name)
  local ok, value = pcall(function() return x[name] end)
  return ok and value or nil
end

local function kind_of(item)
  if scenario.is(item) or results.is(item) then return "outputs" end
  if frame.is(item) then return "frames" end
  if type(item) ~= "table" and type(item) ~= "userdata" then return nil end
  if field_of(item, "decompose") then return "frames" end
  return type(item) == "table" and not getmetatable(item) and "outputs" or nil
end

local function common_kind(items)
  local kind
  if #items == 0 then refuse("there is nothing to compare", "cm.compare{ a, b }") end
  for i, item in ipairs(items) do
    local mine = kind_of(item)
    if not mine then
      refuse(("number %d is a %s"):format(i, args.kind(item)),
        "it takes scenarios, results, tables of numbers, frames, and what has :decompose")
    end
    if kind and mine ~= kind then
      refuse(("number %d is of another sort than the first"):format(i),
        "compare scenarios with scenarios, chains with chains")
    end
    kind = mine
  end
  return kind
end

--- The headers: the names given, else those of the things; a name that is taken gets a number.
local function headers(items, names, taken)
  local list, used = {}, {}
  for _, name in ipairs(taken) do used[name] = true end
  for i, item in ipairs(items) do
    local name = names and names[i] or not frame.is(item) and field_of(item, "name")
      or results.is(item) and item.scenario or frame.is(item) and item:spec().title
    name = type(name) == "string" and name or tostring(i)
    local plain, count = name, 1
    while used[name] do
      count = count + 1
      name = ("%s (%d)"):format(plain, count)
    end
    used[name], list[i] = true, name
  end
  return list
end

--- The column of what changed from the first to the second; nothing where either has no number.
local function change_of(first, second, n)
  local change = {}
  for i = 1, n do
    local a, b = first[i], second[i]
    if type(a) == "number" and type(b) == "number" then change[i] = b - a end
  end
  return change
end

-- ---- outputs ------------------------------------------------------------------------------------

local SHOWN = { number = true, string = true, boolean = true }

local function outputs_of(item)
  if scenario.is(item) then item = item:run() end
  if results.is(item) then
    local _, outputs = results.parts(item)
    return outputs
  end
  local outputs = {}
  for name, value in pairs(item) do -- any order
    if name ~= "name" then outputs[tostring(name)] = value end
  end
  return outputs
end

local function compare_outputs(items, names)
  local columns, rows, all = {}, {}, {}
  for i, item in ipairs(items) do
    columns[i] = outputs_of(item)
    for name, value in pairs(columns[i]) do -- any order
      if SHOWN[type(value)] then rows[name] = true end
    end
  end
  local data, cols = { output = {} }, { { name = "output" } }
  for name in each(rows) do table.insert(data.output, name) end
  local n = #data.output
  for i, header in ipairs(headers(items, names, { "output", "change" })) do
    local cells = {}
    for k, name in ipairs(data.output) do
      local value = columns[i][name]
      if SHOWN[type(value)] then cells[k], all[#all + 1] = value, value end
    end
    data[header], cols[i + 1] = cells, { name = header }
  end
  if #items == 2 then
    data.change, cols[4] = change_of(data[cols[2].name], data[cols[3].name], n), { name = "change" }
  end
  local style = parameters.style(all, #all, 3)
  for k = 2, #cols do cols[k].digits, cols[k].format = style.digits, style.format end
  return frame{ title = "comparison", keys = { "output" }, cols = cols, columns = data, n = n,
    bar = false }
end

-- ---- decompositions -----------------------------------------------------------------------------

local function ask(item, verb, question)
  if not field_of(item, verb) then
    refuse(("'%s' is no verb of %s"):format(verb, args.kind(item)), 'ask = "decompose"')
  end
  return item[verb](item, question)
end

--- The frames to lay side by side, all in one unit and with the same keys.
local function frames_of(items, verb, question)
  local list, unit, keys = {}, nil, nil
  for i, item in ipairs(items) do
    local one = frame.is(item) and item or ask(item, verb, question)
    local spec = one:spec()
    if i > 1 then store.same_unit(unit, spec.unit, ("compare, 1 and %d"):format(i)) end
    if i > 1 and table.concat(spec.keys, ", ") ~= keys then
      refuse(("the first has rows by %s, number %d by %s"):format(keys, i,
        table.concat(spec.keys, ", ")), "ask both with the same by = ...")
    end
    list[i], unit, keys = one, spec.unit, table.concat(spec.keys, ", ")
  end
  return list, unit
end

--- The rows of all frames in order of first appearance: the key columns, and for each frame the
--- values in this order.
local function united(list, keys, value)
  local at, n, key_cells, values = {}, 0, {}, {}
  for _, key in ipairs(keys) do key_cells[key] = {} end
  for i, one in ipairs(list) do
    local cells, columns = one:column(value), {}
    for k, key in ipairs(keys) do columns[k] = one:column(key) end
    values[i] = {}
    for row = 1, #one do
      local id = {}
      for k = 1, #keys do id[k] = text.short(columns[k][row]) end
      id = table.concat(id, "\0")
      if not at[id] then
        n = n + 1
        at[id] = n
        for k, key in ipairs(keys) do key_cells[key][n] = columns[k][row] end
      end
      values[i][at[id]] = cells[row]
    end
  end
  for i = 1, #list do
    for row = 1, n do values[i][row] = values[i][row] or 0 end -- no row there: nothing of it
  end
  return key_cells, values, n
end

local function compare_frames(items, t, question)
  local list, unit = frames_of(items, t.ask or "decompose", question)
  local value, keys = t.value or "value", list[1]:keys()
  local data, values, n = united(list, keys, value)
  local shown, cols, all = list[1]:spec(value), {}, {}
  for k, key in ipairs(keys) do cols[k] = list[1]:spec(key) end
  local taken = { "change", table.unpack(keys) }
  for i, header in ipairs(headers(items, t.names, taken)) do
    data[header], cols[#cols + 1] = values[i], { name = header }
    table.move(values[i], 1, n, #all + 1, all)
    shown.digits = math.max(shown.digits or -1, list[i]:spec(value).digits or -1)
  end
  if #items == 2 then
    data.change, cols[#cols + 1] = change_of(values[1], values[2], n), { name = "change" }
  end
  if shown.digits < 0 then
    shown.digits = shown.format ~= "percent" and text.number_style(all, #all).digits or nil
  end
  for k = #keys + 1, #cols do
    cols[k].digits, cols[k].format = shown.digits, shown.format
  end
  local title = ("%s by %s"):format(value, table.concat(keys, " and "))
  return frame{ title = title, unit = shown.format ~= "percent" and unit or nil, keys = keys,
    cols = cols, columns = data, n = n, bar = false }
end

-- ---- the function -------------------------------------------------------------------------------

--- Compares scenarios (which are run), results, tables of numbers, frames, or anything that answers
--- `:decompose`. `value` names the column laid side by side ("value"), `names` the headers, `ask`
--- another verb that is asked instead: "value_added", "extract"; every other field goes to it, as
--- `by = "country"`.
---@param t table
---@return cm.Frame
local function compare(t)
  args.one(t, "compare", "things", "table")
  local items, question = {}, {}
  for key, value in each(t) do
    if math.type(key) == "integer" then
      items[#items + 1] = value
    elseif key ~= "value" and key ~= "names" and key ~= "ask" then
      question[key] = value
    end
  end
  local kind = common_kind(items)
  if t.names then args.one(t.names, "compare", "names", "list") end
  if t.ask then args.one(t.ask, "compare", "ask", "string") end
  if kind == "frames" then return compare_frames(items, t, question) end
  if next(question) or t.value then
    args.check("compare of scenarios", question, {})
  end
  return compare_outputs(items, t.names)
end

return compare
