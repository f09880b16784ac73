--- A chain as it is placed: a stage in shares of places is one stage in each, which makes its share
--- of the units. What each ships is worth what it costs there and pays its own way to every user;
--- users draw on all by their shares. Who does it, and by which recipe, is one choice.
---
--- Stages in the same shares that may not be parted stand beside one another: what is made at a
--- place goes into what is made there. Error CM2040.

local stage = require "capmod.chain.stage"

local spread = {}

--- Whether a stage is in shares of several places.
---@param s table
---@return boolean
function spread.is_shared(s) return s.at ~= nil and s.at.share ~= nil and #s.at > 1 end

--- A stage, or one of its recipes, as it is at one of its places.
local function part_at(s, at)
  return setmetatable({ at = { at }, weight = s.at.share[at], whole = s,
    per_unit = s.per_unit * s.at.share[at] }, { __index = s })
end

local function parts_of(s)
  local list = {}
  for _, at in ipairs(s.at) do
    if s.at.share[at] > 0 then
      local part = part_at(s, at)
      for k, v in ipairs(s.variants or {}) do
        part.variants = rawget(part, "variants") or {}
        part.variants[k] = part_at(v, at)
      end
      list[#list + 1] = part
    end
  end
  return list
end

--- Stages that may not be parted are all in the same shares, or none is in shares; which group each
--- stage in shares is of.
local function groups_of(chain, found)
  local group_of, by_name = {}, {}
  for _, s in ipairs(chain.list) do by_name[s.name] = s end
  for g, group in ipairs(chain.colocate or {}) do
    local first, shared = by_name[group[1]], nil
    for _, name in ipairs(group) do
      local s = by_name[name]
      shared = shared or spread.is_shared(s) and s
      group_of[name] = group_of[name] or {}
      group_of[name][g] = true
    end
    for _, name in ipairs(shared and group or {}) do
      local one, other = stage.places_text(by_name[name].at), stage.places_text(first.at)
      if one ~= other then
        local out = spread.is_shared(by_name[name]) and first or by_name[name]
        found:add(2040, { message = ("'%s': '%s' is in shares of %s, '%s' at %s, but they may not "
          .. "be parted"):format(chain.name, shared.name, stage.places_text(shared.at), out.name,
          stage.places_text(out.at)), object = ("stage '%s'"):format(out.name), field = "at",
          fix = "put both in the same shares, or take one out of colocate" })
        break
      end
    end
  end
  return group_of
end

--- A chain with stages in shares spread over their places; the chain itself where it has none.
---@param chain table  the inside of a chain
---@param found cm.Findings
---@return table  with `numbers`, by name, of the parts of each stage in `list`
function spread.of(chain, found)
  local list, numbers, any = {}, {}, false
  for _, s in ipairs(chain.list) do
    local is_shared = spread.is_shared(s)
    numbers[s.name], any = {}, any or is_shared
    for _, part in ipairs(is_shared and parts_of(s) or { s }) do
      list[#list + 1] = part
      table.insert(numbers[s.name], #list)
    end
  end
  local wide = { list = any and list or chain.list, numbers = numbers }
  if any then wide.group_of = groups_of(chain, found) end
  return setmetatable(wide, { __index = chain })
end

--- Whether what a stage makes at a place goes only into what its user makes there.
---@param chain table    a chain as spread.of gives it
---@param s table
---@param u table
---@param dropped? table<string, boolean>
---@return boolean
function spread.is_beside(chain, s, u, dropped)
  if not spread.is_shared(s.whole or s) or not spread.is_shared(u.whole or u) then return false end
  for g in pairs(chain.group_of[s.name] or {}) do -- any order
    if (chain.group_of[u.name] or {})[g] and not (dropped and dropped["colocate " .. g]) then
      return true
    end
  end
  return false
end

--- Whether a group that may not be parted is in shares, so that its places are settled.
---@param chain table
---@param group string[]
---@return boolean
function spread.is_settled(chain, group)
  return chain.list[chain.numbers[group[1]][1]].weight ~= nil
end

return spread
