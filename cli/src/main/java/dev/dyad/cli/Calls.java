package dev.dyad.cli;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import java.lang.foreign.Arena;

/// Which of the calls that not every machine has are here.
///
/// A kernel's call is made, not looked up: a sandbox may refuse what the C library has.
final class Calls {

    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";

    private Calls() {}

    static Report report(Platform os) {
        var report = new Report("Calls that not every machine has");
        String why = os.whyNotNative();
        if (why != null) {
            return report.add("none of them", why);
        }
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            return report.add(CLOSE_FROM, os.closesFrom() ? "found" : "not in this C library")
                    .add("pidfd_open", opened(state, os.openProcess(state, self())))
                    .add(os.eventQueueCall(), opened(state, os.openEventQueue(state)))
                    .add("eventfd", opened(state, os.openWakeDescriptor(state)));
        }
    }

    private static int self() {
        return (int) ProcessHandle.current().pid();
    }

    private static String opened(CallState state, int answer) {
        if (answer >= 0) {
            Unistd.close(state, answer);
        }
        return answered(answer);
    }

    static String answered(int answer) {
        return answer >= 0 ? "found" : "refused: " + Errno.of(answer);
    }
}
