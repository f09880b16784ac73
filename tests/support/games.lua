--- Games that more than one spec knows.

local games = {}

--- P01, P02, ...
function games.names_of(n)
  local names = {}
  for i = 1, n do names[i] = ("P%02d"):format(i) end
  return names
end

--- The dearest need of a member: a cost, as a gain below 0.
function games.runway(needs)
  local need, names = {}, games.names_of(#needs)
  for i, name in ipairs(names) do need[name] = needs[i] end
  return { members = names, worth = function(who)
    local most = 0
    for _, name in ipairs(who) do most = math.max(most, need[name]) end
    return -most
  end }
end

return games
