--- A sum over lines of text that changes with any of their bytes: FNV-1a (Fowler, Noll and Vo 1991)
--- on 64 bits, eight bytes at a time. It finds slips, not forgers.

local digest = {}
local Digest = {}
Digest.__index = Digest

local PRIME = 0x100000001b3

function digest.new() return setmetatable({ h = 0x4bf29ce484222325 }, Digest) end

---@param line string
function Digest:add(line)
  local h, whole = self.h, #line - #line % 8
  for k = 1, whole, 8 do
    h = (h ~ string.unpack("<i8", line, k)) * PRIME
    h = h ~ (h >> 29)
  end
  for k = whole + 1, #line do h = (h ~ line:byte(k)) * PRIME end
  self.h = (h ~ #line) * PRIME
end

---@return string
function Digest:text() return ("%016x"):format(self.h) end

return digest
