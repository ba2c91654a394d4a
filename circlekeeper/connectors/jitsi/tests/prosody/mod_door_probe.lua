-- For tests only: makes a plain Prosody ask for a reservation and read a pass as Jitsi's own modules are documented to.
-- GET /join?room=…&pass=…  GET /room-size?room=…&token=…  GET /close?room=…

local http = require "net.http";
local json = require "util.json";
local jwt = require "util.jwt";
local datetime = require "util.datetime";

local prefix = module:get_option_string("reservations_api_prefix");
local headers = module:get_option("reservations_api_headers");
local secret = module:get_option_string("app_secret");
local app = module:get_option_string("app_id");
local domain = module:get_option_string("pass_domain");
local ids, limits, lobbies, inside = {}, {}, {}, {};

local function rooms()
	return prosody.hosts[module.host].modules.muc;
end

local function address(name)
	return name .. "@" .. module.host;
end

local function claims(pass, name)
	local right, said = jwt.verify(secret, pass or "");
	if not right then return nil; end
	local now = os.time();
	if said.iss ~= app or said.aud ~= app or said.sub ~= domain or said.room ~= name then return nil; end
	if now < said.nbf or now >= said.exp then return nil; end
	return said;
end

local function enter(name, said)
	if inside[name] >= limits[name] then return "full"; end
	if lobbies[name] and said.context.user.lobby_bypass ~= true then return "lobby"; end
	inside[name] = inside[name] + 1;
	return "inside";
end

-- Every field the reservation module insists on, read with the same parsers.
local function understood(body, name)
	local said = json.decode(body);
	if not said or not said.id or not said.mail_owner or type(said.name) ~= "string" then return nil; end
	local starts, lasts = datetime.parse(said.start_time), tonumber(said.duration);
	if said.name:lower() ~= name or not starts or not lasts or os.time() > starts + lasts then return nil; end
	return said;
end

local function open(name, answer)
	http.request(prefix .. "/conference", {
		method = "POST";
		headers = headers;
		body = http.formencode({
			name = name;
			start_time = os.date("!%Y-%m-%dT%H:%M:%S") .. ".000Z";
			mail_owner = "marigold-ashworth-canary@" .. domain;
		});
	}, function (body, code)
		if code ~= 200 then
			local said = json.decode(body);
			return answer(code .. ": " .. (said and said.message or "no answer"));
		end
		local said = understood(body, name);
		if not said then return answer("answer not understood"); end
		local room = rooms().create_room(address(name));
		room:set_persistent(true);
		ids[name], limits[name], lobbies[name], inside[name] = said.id, said.max_occupants, said.lobby, 0;
		answer(nil);
	end);
end

module:hook("muc-room-destroyed", function (event)
	local name = event.room.jid:match("^(.-)@");
	http.request(prefix .. "/conference/" .. ids[name], { method = "DELETE"; headers = headers }, function () end);
end);

local function asked(event)
	return http.formdecode(event.request.url.query or "");
end

module:depends("http");
module:provides("http", {
	default_path = "/";
	route = {
		["GET /join"] = function (event)
			local query, response = asked(event), event.response;
			local name, said = query.room, claims(query.pass, query.room);
			if not said then return "no pass"; end
			if rooms().get_room_from_jid(address(name)) then return enter(name, said); end
			open(name, function (refused)
				response:send(refused or enter(name, said));
			end);
			return true;
		end;
		["GET /room-size"] = function (event)
			local query = asked(event);
			if not claims(query.token, query.room) then return 403; end
			if not rooms().get_room_from_jid(address(query.room)) then return 404; end
			return json.encode({ participants = inside[query.room] });
		end;
		["GET /close"] = function (event)
			rooms().get_room_from_jid(address(asked(event).room)):destroy();
			return "closed";
		end;
	};
});
