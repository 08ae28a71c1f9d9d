package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `siginfo_t`, as `waitid` fills it.
public final class SigInfo {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    C_INT.withName("si_signo"),
                    C_INT.withName("si_errno"),
                    C_INT.withName("si_code"),
                    MemoryLayout.paddingLayout(4),
                    C_INT.withName("si_pid"),
                    C_INT.withName("si_uid"),
                    C_INT.withName("si_status"),
                    MemoryLayout.paddingLayout(100))
            .withByteAlignment(8);

    private static final VarHandle CODE = LAYOUT.varHandle(PathElement.groupElement("si_code"));
    private static final VarHandle PID = LAYOUT.varHandle(PathElement.groupElement("si_pid"));
    private static final VarHandle STATUS = LAYOUT.varHandle(PathElement.groupElement("si_status"));

    private SigInfo() {}

    public static int code(MemorySegment info) {
        return (int) CODE.get(info, 0L);
    }

    /// Zero where `WNOHANG` found nothing to report.
    public static int pid(MemorySegment info) {
        return (int) PID.get(info, 0L);
    }

    /// The exit code or the signal's number.
    public static int status(MemorySegment info) {
        return (int) STATUS.get(info, 0L);
    }
}
