--- Spellings: what makes "Côte d'Ivoire" and "cote divoire" the same name, and the
--- reading of the data files' lines.

local text = {}

local plain = {}
for letters in ([[a=àáâãäåāăąÀÁÂÃÄÅĀĂĄ c=çćčÇĆČ d=ďđĎĐ e=èéêëēėęěÈÉÊËĒĖĘĚ g=ğĞ i=ìíîïīįıİÌÍÎÏĪĮ
    l=łŁ n=ñńňÑŃŇ o=òóôõöøōőÒÓÔÕÖØŌŐ r=řŘ s=śşšșŚŞŠȘ t=ťţțŤŢȚ u=ùúûüūůűÙÚÛÜŪŮŰ y=ýÿÝ z=źżžŹŻŽ
    ss=ß ae=æÆ oe=œŒ]]):gmatch "%S+" do
  local base, accented = letters:match "^(%a+)=(.*)$"
  for letter in accented:gmatch(utf8.charpattern) do plain[letter] = base end
end
for _, mark in ipairs{ "'", "’", "‘", "´" } do plain[mark] = "" end

local long = { st = "saint", rep = "republic", dem = "democratic" }

--- The form in which names are compared: lower case, no accents, apostrophes, full
--- stops or articles, every other mark a single space, a few words in full.
---@param name string
---@return string
function text.fold(name)
  local folded = name:gsub("[\xC2-\xF4][\x80-\xBF]*", plain):lower()
    :gsub("['.]", ""):gsub("&", " and "):gsub("[%s%p]+", " ")
    :gsub("^ ?the ", ""):gsub(" the ?$", ""):gsub("^ ", ""):gsub(" $", "")
  return (folded:gsub("%w+", long))
end

--- The parts of a text between the separators, which is one plain character.
---@param s string
---@param separator string
---@return string[]
function text.split(s, separator)
  local parts = {}
  for part in (s .. separator):gmatch("([^" .. separator .. "]*)" .. separator) do
    if part ~= "" then parts[#parts + 1] = part end
  end
  return parts
end

--- The words of a text.
---@param s string
---@return string[]
function text.words(s)
  local words = {}
  for word in s:gmatch "%S+" do words[#words + 1] = word end
  return words
end

--- A list in one line, with " and " or " or " before its last item.
---@param list string[]
---@param last string  "and" or "or"
---@return string
function text.join(list, last)
  if #list < 2 then return list[1] or "" end
  return ("%s %s %s"):format(table.concat(list, ", ", 1, #list - 1), last, list[#list])
end

return text
