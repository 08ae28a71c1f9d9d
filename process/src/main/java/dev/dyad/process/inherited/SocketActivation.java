package dev.dyad.process.inherited;

import dev.dyad.process.Inherited;
import dev.dyad.socket.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a service manager hands over: `LISTEN_FDS` descriptors from 3 on, for the process `LISTEN_PID`.
public final class SocketActivation {

    private static final int FIRST = 3;
    private static final String UNNAMED = "unknown"; // what the manager itself says of one without a name

    private SocketActivation() {}

    /// Takes over the descriptors that the service manager passed to this process.
    ///
    /// @param environment the variables of this process
    /// @param ownPid its number
    /// @return none if they are not for this process
    /// @throws IllegalStateException if the variables make no sense
    public static List<Inherited.Passed> take(Map<String, String> environment, long ownPid) throws IOException {
        if (!environment.containsKey("LISTEN_PID")
                || !environment.containsKey("LISTEN_FDS")
                || NumberVariable.of(environment, "LISTEN_PID", Long.MAX_VALUE) != ownPid) {
            return List.of();
        }
        int count = (int) NumberVariable.of(environment, "LISTEN_FDS", Integer.MAX_VALUE - FIRST);
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        var passed = new ArrayList<Inherited.Passed>();
        boolean complete = false;
        try {
            for (int i = 0; i < count; i++) {
                passed.add(new Inherited.Passed(name(names, i), Descriptor.adopt(FIRST + i)));
            }
            complete = true;
            return List.copyOf(passed);
        } finally {
            if (!complete) {
                giveBack(passed);
            }
        }
    }

    private static String name(String[] given, int index) {
        return index < given.length && !given[index].isEmpty() ? given[index] : UNNAMED;
    }

    private static void giveBack(List<Inherited.Passed> passed) throws IOException {
        for (Inherited.Passed one : passed) {
            int _ = one.descriptor().release();
        }
    }
}
