package dev.dyad.posix;

import dev.dyad.posix.linux.Linux;

/// Chooses the platform: the one class that knows them all.
public final class Platforms {

    private static final Platform CURRENT = choose(
            Setting.of("dyad.platform", "none").equals("none"),
            Setting.of("dyad.poller", "epoll", "poll").equals("poll"),
            System.getProperty("os.name", ""));

    private Platforms() {}

    /// Returns the platform that this process runs on, which is chosen once.
    public static Platform current() {
        return CURRENT;
    }

    /// Returns the platform of a system, or one without native calls that says why.
    ///
    /// @param none whether no native call is wanted, as `-Ddyad.platform=none` says
    /// @param polls whether event queues are to be made of `ppoll(2)`, as `-Ddyad.poller=poll` says
    public static Platform choose(boolean none, boolean polls, String osName) {
        if (none) {
            return new NoPlatform("-Ddyad.platform=none");
        }
        if (!osName.equals("Linux")) {
            return new NoPlatform("Dyad makes no native calls on " + osName + " yet, only on Linux");
        }
        try {
            Linking.probe("gnu_get_libc_version");
            return new Linux(polls);
        } catch (IllegalCallerException denied) {
            return new NoPlatform("native access is denied; --enable-native-access=" + caller() + " allows it: "
                    + denied.getMessage());
        } catch (UnsupportedOperationException missing) {
            return new NoPlatform("Dyad does not know this C library yet: " + missing.getMessage());
        }
    }

    /// Returns the module that makes native calls, as `--enable-native-access` names it.
    public static String caller() {
        Module module = Platforms.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }
}
