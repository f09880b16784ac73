--- The outputs of other programs, which are not part of the repository.

local reference = {}

local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""

--- Where they are.
reference.folder = (os.getenv "CAPMOD_SHARED" or here .. "../../../shared")
  .. "/reference/gvc_small/"

--- A file as text; nil where it is not there.
function reference.content(name)
  local file = io.open(reference.folder .. name .. ".csv")
  if not file then return nil end
  local text = file:read "a"
  file:close()
  return text
end

--- A file as a Matrix with its labels; nil where it is not there.
function reference.matrix(name)
  local text = reference.content(name)
  return text and (require "capmod".grid((text:gsub("^row,", ""):gsub(",", " ")))) or nil
end

return reference
