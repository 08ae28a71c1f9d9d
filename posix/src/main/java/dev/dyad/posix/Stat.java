package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct stat`, of which the order of the first fields differs between processors.
public final class Stat {

    public static final StructLayout LAYOUT = layout(System.getProperty("os.arch"));

    private static final VarHandle INODE = LAYOUT.varHandle(PathElement.groupElement("st_ino"));
    private static final VarHandle DEVICE = LAYOUT.varHandle(PathElement.groupElement("st_dev"));
    private static final VarHandle MODE = LAYOUT.varHandle(PathElement.groupElement("st_mode"));
    private static final VarHandle UID = LAYOUT.varHandle(PathElement.groupElement("st_uid"));

    private Stat() {}

    static StructLayout layout(String arch) {
        return arch.equals("aarch64")
                ? MemoryLayout.structLayout(
                                C_LONG.withName("st_dev"),
                                C_LONG.withName("st_ino"),
                                C_INT.withName("st_mode"),
                                C_INT.withName("st_nlink"),
                                C_INT.withName("st_uid"),
                                MemoryLayout.paddingLayout(100))
                        .withByteAlignment(8)
                : MemoryLayout.structLayout(
                                C_LONG.withName("st_dev"),
                                C_LONG.withName("st_ino"),
                                C_LONG.withName("st_nlink"),
                                C_INT.withName("st_mode"),
                                C_INT.withName("st_uid"),
                                MemoryLayout.paddingLayout(112))
                        .withByteAlignment(8);
    }

    public static long device(MemorySegment stat) {
        return (long) DEVICE.get(stat, 0L);
    }

    public static long inode(MemorySegment stat) {
        return (long) INODE.get(stat, 0L);
    }

    public static int mode(MemorySegment stat) {
        return (int) MODE.get(stat, 0L);
    }

    public static long uid(MemorySegment stat) {
        return Integer.toUnsignedLong((int) UID.get(stat, 0L));
    }
}
