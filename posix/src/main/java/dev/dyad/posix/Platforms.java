package dev.dyad.posix;

import dev.dyad.posix.linux.Linux;

/// Chooses the platform: the one class that knows them all.
public final class Platforms {

    private static final Platform CURRENT = choose(
            System.getProperty("dyad.platform", ""),
            System.getProperty("dyad.poller", ""),
            System.getProperty("os.name", ""));

    private Platforms() {}

    /// Returns the platform that this process runs on, which is chosen once.
    public static Platform current() {
        return CURRENT;
    }

    /// Returns the platform of a system, or one without native calls that says why.
    ///
    /// @param wanted the property `dyad.platform`: `none`, or empty for what the system has
    /// @param poller the property `dyad.poller`: `epoll` (also when empty) or `poll`
    public static Platform choose(String wanted, String poller, String osName) {
        boolean polls = polls(poller);
        if (wanted.equals("none")) {
            return new NoPlatform("-Ddyad.platform=none");
        }
        if (!wanted.isEmpty()) {
            throw new IllegalArgumentException("dyad.platform is \"none\" or not set, not \"" + wanted + "\"");
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

    private static boolean polls(String poller) {
        return switch (poller) {
            case "", "epoll" -> false;
            case "poll" -> true;
            default ->
                throw new IllegalArgumentException(
                        "dyad.poller is \"epoll\", \"poll\" or not set, not \"" + poller + "\"");
        };
    }
}
