--- Where `require` finds modules: the script's folder, CAPMOD_PATH,
--- ~/.local/share/capmod, the stdlib. Never the current folder, never C modules.

local core = require "capmod.core"
local load = require "capmod.load"

local paths = {}

local stdlib = core.home .. "/stdlib"

local function variable(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- ~/.local/share or ~/.local/state, as the XDG rules say; nil without a home.
---@param name "DATA"|"STATE"
---@return string?
function paths.xdg(name)
  local set, home = variable("XDG_" .. name .. "_HOME"), variable "HOME"
  return set or home and ("%s/.local/%s"):format(home, name == "DATA" and "share" or "state")
end

--- The folder of a path, with "." for a bare name.
---@param path string
---@return string
function paths.folder(path)
  local folder = path:match "^(.*)/[^/]*$"
  return folder == "" and "/" or folder or "."
end

--- Sets package.path for a script in `folder` (nil: there is none).
---@param folder? string
function paths.set(folder)
  local folders = { folder }
  for entry in (variable "CAPMOD_PATH" or ""):gmatch "[^:]+" do folders[#folders + 1] = entry end
  local data = paths.xdg "DATA"
  if data then folders[#folders + 1] = data .. "/capmod" end
  folders[#folders + 1] = stdlib
  local templates = {}
  for _, entry in ipairs(folders) do
    templates[#templates + 1] = ("%s/?.lua;%s/?/init.lua"):format(entry, entry)
  end
  package.path = table.concat(templates, ";")
  package.cpath = ""
  package.searchers[2] = load.searcher(stdlib, function(path)
    return path:sub(1, #stdlib + 1) ~= stdlib .. "/"
  end)
  package.searchers[3], package.searchers[4] = nil, nil
end

return paths
