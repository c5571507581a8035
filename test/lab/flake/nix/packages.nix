# Every package of the lab: sizes in KiB per output, and what it refers to at run time. Contents are made up, versions
# come from versions.json, references are real, so closures are.
{
  derive,
  text,
  versions,
  # What the program of a package does.
  programOf ? (pname: version: "echo ${pname} ${version}"),
}:
let
  table = {
    glibc = { outputs = { out = 1800; bin = 120; dev = 160; }; };
    zlib = { outputs = { out = 120; dev = 20; }; needs = [ "glibc" ]; };
    xz = { outputs = { out = 160; bin = 60; }; needs = [ "glibc" ]; };
    openssl = { outputs = { out = 900; bin = 140; dev = 90; }; needs = [ "glibc" ]; };
    sqlite = { outputs = { out = 220; bin = 90; }; needs = [ "glibc" "zlib" ]; };
    curl = { outputs = { out = 180; bin = 60; dev = 40; }; needs = [ "glibc" "openssl" "zlib" ]; };
    bash = { outputs.out = 260; needs = [ "glibc" ]; };
    coreutils = { outputs.out = 320; needs = [ "glibc" "openssl" ]; };
    gnugrep = { outputs.out = 90; needs = [ "glibc" ]; };
    kmod = { outputs = { out = 40; lib = 60; }; needs = [ "glibc" "xz" "openssl" ]; };
    shadow = { outputs.out = 140; needs = [ "glibc" ]; };
    sudo = { outputs.out = 160; needs = [ "glibc" "zlib" ]; };
    openssh = { outputs = { out = 360; dev = 12; }; needs = [ "glibc" "openssl" "zlib" ]; };
    dbus = { outputs = { out = 120; lib = 80; }; needs = [ "glibc" ]; };
    iptables = { outputs.out = 140; needs = [ "glibc" ]; };
    nix = { outputs.out = 700; needs = [ "glibc" "curl" "sqlite" "openssl" ]; };
    git = { outputs.out = 620; needs = [ "curl" "openssl" "zlib" "bash" ]; };
    htop = { outputs.out = 80; needs = [ "glibc" ]; };
    vim = { outputs.out = 480; needs = [ "glibc" "bash" ]; };
    jq = { outputs = { out = 12; bin = 60; lib = 120; }; needs = [ "glibc" ]; };
    python3 = { outputs.out = 900; needs = [ "glibc" "openssl" "sqlite" "zlib" "xz" ]; };
    ffmpeg = { outputs = { out = 12; bin = 180; lib = 700; }; needs = [ "glibc" "zlib" ]; };
    nginx = { outputs = { out = 280; doc = 16; }; needs = [ "glibc" "openssl" "zlib" ]; };
    fail2ban = { outputs.out = 150; needs = [ "python3" "iptables" ]; };
    tailscale = { outputs.out = 900; needs = [ "iptables" ]; };
    forgejo = { outputs = { out = 1600; data = 300; }; needs = [ "git" "bash" "sqlite" ]; };
    jellyfin = { outputs.out = 1300; needs = [ "ffmpeg" "sqlite" ]; };
    ollama = { outputs.out = 2400; needs = [ "glibc" ]; };
    nextcloud = { outputs.out = 1100; needs = [ "nginx" "sqlite" ]; };
    open-webui = { outputs.out = 800; needs = [ "python3" ]; };
    nfs-utils = { outputs = { out = 150; lib = 30; }; needs = [ "glibc" "kmod" ]; };
    transmission = { outputs.out = 420; needs = [ "curl" "openssl" ]; };
    zfs = { outputs = { out = 420; lib = 180; }; needs = [ "glibc" "openssl" "zlib" ]; };
    emacs = { outputs.out = 1500; needs = [ "glibc" ]; };
    hello = { outputs.out = 30; needs = [ "glibc" ]; };
  };

  # A megabyte of one repeated line is as deterministic as a compiler and much quicker.
  fill = output: name: size: ''
    mkdir -p "${"$" + output}/share/${name}"
    yes ${text.quote "${name} ${output}"} | head -c ${toString (size * 1024)} > "${"$" + output}/share/${name}/content"
  '';

  make =
    pname:
    {
      outputs,
      needs ? [ ],
    }:
    let
      version = versions.packages.${pname};
      names = [ "out" ] ++ builtins.filter (output: output != "out") (builtins.attrNames outputs);
      # Programs are in `bin` where there is one; dependents refer to `lib`, else `out`.
      programs = if outputs ? bin then "bin" else "out";
      libraries = if outputs ? lib then "lib" else "out";
      references = map (need: "${all.${need}.${if table.${need}.outputs ? lib then "lib" else "out"}}") needs;
    in
    derive.plain {
      name = "${pname}-${version}";
      inherit pname version;
      outputs = names;
      buildCommand =
        text.concatMapLines (output: fill output "${pname}-${version}" outputs.${output}) names
        + ''
          mkdir -p "${"$" + programs}/bin" "${"$" + libraries}/lib"
          printf '#!/bin/sh\n%s\n' ${text.quote (programOf pname version)} > "${"$" + programs}/bin/${pname}"
          chmod +x "${"$" + programs}/bin/${pname}"
          printf '%s\n' ${text.quote (text.words references)} > "${"$" + libraries}/lib/${pname}.needs"
        ''
        + text.optionalText (programs != libraries) ''
          printf '%s\n' "${"$" + libraries}" > "${"$" + programs}/bin/.${pname}-needs"
        '';
    };

  all = builtins.mapAttrs make table;
in
all
