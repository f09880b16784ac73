--- Data that come with capmod: small, cited, loaded on first use.
---
---     print(cm.data.list())
---     print(cm.data.us_car:decompose{ by = "country" })
---
--- Each stands in data/<name>/init.lua, which returns `about`, `source`,
--- `licence` and `load`; what `load` gives carries `source` and `licence` too.

local errors = require "capmod.errors"

local names = { "barbie", "countries", "ipad", "us_car", "world" }

local data = {}

local function entry(name)
  return require("capmod.data." .. name)
end

--- What there is, with its source and licence under the list.
---@return cm.Frame
function data.list()
  local rows, sources = {}, {}
  for i, name in ipairs(names) do
    local e = entry(name)
    rows[i] = { name = name, about = e.about }
    sources[i] = ("%s: %s; %s"):format(name, e.source, e.licence)
  end
  return require "capmod.frame"{
    title = "data that come with capmod", keys = { "name" }, cols = { "name", "about" },
    rows = rows, bar = false, check = sources,
  }
end

local function is_known(name)
  for _, known in ipairs(names) do
    if name == known then return true end
  end
  return false
end

return setmetatable(data, {
  __name = "cm.data",
  __index = function(_, name)
    if not is_known(name) then
      errors.raise(1005, {
        message = ("cm.data has no '%s'"):format(tostring(name)), object = "cm.data",
        fix = errors.did_you_mean(name, names, "there are " .. table.concat(names, ", ")),
      })
    end
    local value = entry(name).load()
    rawset(data, name, value)
    return value
  end,
  __pairs = function()
    local i = 0
    return function()
      i = i + 1
      if names[i] then return names[i], data[names[i]] end
    end
  end,
})
