# The units of systemd itself that a host has, and the links among them.
{
  units = [
    "basic.target"
    "ctrl-alt-del.target"
    "emergency.service"
    "emergency.target"
    "exit.target"
    "final.target"
    "graphical.target"
    "halt.target"
    "local-fs-pre.target"
    "local-fs.target"
    "multi-user.target"
    "network-online.target"
    "network-pre.target"
    "network.target"
    "nss-lookup.target"
    "nss-user-lookup.target"
    "paths.target"
    "poweroff.target"
    "reboot.target"
    "remote-fs-pre.target"
    "remote-fs.target"
    "rescue.service"
    "rescue.target"
    "shutdown.target"
    "sigpwr.target"
    "slices.target"
    "sockets.target"
    "swap.target"
    "sysinit.target"
    "time-set.target"
    "time-sync.target"
    "timers.target"
    "umount.target"
    "dbus.service"
    "dbus.socket"
    "modprobe@.service"
    "systemd-halt.service"
    "systemd-journal-flush.service"
    "systemd-journald-dev-log.socket"
    "systemd-journald.service"
    "systemd-journald.socket"
    "systemd-logind.service"
    "systemd-networkd.service"
    "systemd-networkd.socket"
    "systemd-poweroff.service"
    "systemd-reboot.service"
    "systemd-remount-fs.service"
    "systemd-tmpfiles-clean.service"
    "systemd-tmpfiles-clean.timer"
    "systemd-tmpfiles-setup.service"
    "systemd-update-utmp.service"
    "systemd-user-sessions.service"
    "user-runtime-dir@.service"
    "user.slice"
    "user@.service"
  ];

  aliases = {
    "default.target" = "multi-user.target";
    "dbus-org.freedesktop.login1.service" = "systemd-logind.service";
  };

  wants = {
    "sockets.target" = [
      "dbus.socket"
      "systemd-journald-dev-log.socket"
      "systemd-journald.socket"
      "systemd-networkd.socket"
    ];
    "sysinit.target" = [
      "systemd-journal-flush.service"
      "systemd-journald.service"
      "systemd-tmpfiles-setup.service"
      "systemd-update-utmp.service"
    ];
    "local-fs.target" = [ "systemd-remount-fs.service" ];
    "timers.target" = [ "systemd-tmpfiles-clean.timer" ];
    "multi-user.target" = [
      "dbus.service"
      "remote-fs.target"
      "systemd-logind.service"
      "systemd-user-sessions.service"
    ];
  };
}
