-- wrk's script: everyone sends forms of their own, each with a fresh key and from an address of its own.
-- Arguments: "reports" or "comments", and what makes this run's keys differ from those of others.
local forms = {
  reports = { path = "/reports", body = function(number)
    local places = { "Hamburg", "Berlin", "Dresden", "Kiel", "Mannheim", "Bremen" }
    return "symptoms=data_slow&symptoms=no_data&since=weeks&place=" .. places[number % #places + 1] ..
      "&device=Telefon+" .. number .. "&text=Am+Bahnhof+geht+seit+Wochen+nichts,+Zeile+" .. number
  end },
  comments = { path = "/posts/gastbeitrag-o2-netz/comments", body = function(number)
    return "name=Lena&age=45&text=Bei+mir+geht+seit+" .. number .. "+Tagen+im+ganzen+Ort+nichts+und+keiner+hilft."
  end },
}
local number, form, run = 0, nil, ""

function init(args)
  form, run = forms[args[1]], args[2]
end

function request()
  number = number + 1
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["X-Forwarded-For"] = "10." .. number % 250 .. "." .. math.floor(number / 250) % 250 .. ".7",
  }
  return wrk.format("POST", form.path, headers, "key=" .. run .. "-" .. number .. "&" .. form.body(number))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"sent": %d, "microseconds": %d, "refused": %d, "broken": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
