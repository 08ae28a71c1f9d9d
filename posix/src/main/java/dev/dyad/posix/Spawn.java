package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SHORT;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<spawn.h>`. These calls answer the error number itself and leave `errno` alone.
public final class Spawn {

    private Spawn() {}

    private static final class FileActionsInit {
        static final MethodHandle HANDLE = linkPlain("posix_spawn_file_actions_init", C_INT, C_POINTER);
    }

    /// `posix_spawn_file_actions_init(actions)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawn_file_actions_init(MemorySegment actions) {
        try {
            return -(int) FileActionsInit.HANDLE.invokeExact(actions);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class FileActionsDestroy {
        static final MethodHandle HANDLE = linkPlain("posix_spawn_file_actions_destroy", C_INT, C_POINTER);
    }

    /// `posix_spawn_file_actions_destroy(actions)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawn_file_actions_destroy(MemorySegment actions) {
        try {
            return -(int) FileActionsDestroy.HANDLE.invokeExact(actions);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class FileActionsAdddup2 {
        static final MethodHandle HANDLE =
                linkPlain("posix_spawn_file_actions_adddup2", C_INT, C_POINTER, C_INT, C_INT);
    }

    /// `posix_spawn_file_actions_adddup2(actions, fd, newfd)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawn_file_actions_adddup2(MemorySegment actions, int fd, int newfd) {
        try {
            return -(int) FileActionsAdddup2.HANDLE.invokeExact(actions, fd, newfd);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class FileActionsAddclose {
        static final MethodHandle HANDLE = linkPlain("posix_spawn_file_actions_addclose", C_INT, C_POINTER, C_INT);
    }

    /// `posix_spawn_file_actions_addclose(actions, fd)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawn_file_actions_addclose(MemorySegment actions, int fd) {
        try {
            return -(int) FileActionsAddclose.HANDLE.invokeExact(actions, fd);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class FileActionsAddopen {
        static final MethodHandle HANDLE =
                linkPlain("posix_spawn_file_actions_addopen", C_INT, C_POINTER, C_INT, C_POINTER, C_INT, C_INT);
    }

    /// `posix_spawn_file_actions_addopen(actions, fd, path, flags, mode)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawn_file_actions_addopen(
            MemorySegment actions, int fd, MemorySegment path, int flags, int mode) {
        try {
            return -(int) FileActionsAddopen.HANDLE.invokeExact(actions, fd, path, flags, mode);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class FileActionsAddchdirNp {
        static final MethodHandle HANDLE =
                linkPlain("posix_spawn_file_actions_addchdir_np", C_INT, C_POINTER, C_POINTER);
    }

    /// `posix_spawn_file_actions_addchdir_np(actions, path)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawn_file_actions_addchdir_np(MemorySegment actions, MemorySegment path) {
        try {
            return -(int) FileActionsAddchdirNp.HANDLE.invokeExact(actions, path);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class AttrInit {
        static final MethodHandle HANDLE = linkPlain("posix_spawnattr_init", C_INT, C_POINTER);
    }

    /// `posix_spawnattr_init(attributes)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawnattr_init(MemorySegment attributes) {
        try {
            return -(int) AttrInit.HANDLE.invokeExact(attributes);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class AttrDestroy {
        static final MethodHandle HANDLE = linkPlain("posix_spawnattr_destroy", C_INT, C_POINTER);
    }

    /// `posix_spawnattr_destroy(attributes)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawnattr_destroy(MemorySegment attributes) {
        try {
            return -(int) AttrDestroy.HANDLE.invokeExact(attributes);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class AttrSetflags {
        static final MethodHandle HANDLE = linkPlain("posix_spawnattr_setflags", C_INT, C_POINTER, C_SHORT);
    }

    /// `posix_spawnattr_setflags(attributes, flags)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawnattr_setflags(MemorySegment attributes, short flags) {
        try {
            return -(int) AttrSetflags.HANDLE.invokeExact(attributes, flags);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class AttrSetpgroup {
        static final MethodHandle HANDLE = linkPlain("posix_spawnattr_setpgroup", C_INT, C_POINTER, C_INT);
    }

    /// `posix_spawnattr_setpgroup(attributes, pgroup)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawnattr_setpgroup(MemorySegment attributes, int pgroup) {
        try {
            return -(int) AttrSetpgroup.HANDLE.invokeExact(attributes, pgroup);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class AttrSetsigmask {
        static final MethodHandle HANDLE = linkPlain("posix_spawnattr_setsigmask", C_INT, C_POINTER, C_POINTER);
    }

    /// `posix_spawnattr_setsigmask(attributes, signals)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawnattr_setsigmask(MemorySegment attributes, MemorySegment signals) {
        try {
            return -(int) AttrSetsigmask.HANDLE.invokeExact(attributes, signals);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class AttrSetsigdefault {
        static final MethodHandle HANDLE = linkPlain("posix_spawnattr_setsigdefault", C_INT, C_POINTER, C_POINTER);
    }

    /// `posix_spawnattr_setsigdefault(attributes, signals)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawnattr_setsigdefault(MemorySegment attributes, MemorySegment signals) {
        try {
            return -(int) AttrSetsigdefault.HANDLE.invokeExact(attributes, signals);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Spawnp {
        static final MethodHandle HANDLE =
                linkPlain("posix_spawnp", C_INT, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER);
    }

    /// `posix_spawnp(pid, file, actions, attributes, argv, envp)`
    ///
    /// @return zero, or `-errno`
    public static int posix_spawnp(
            MemorySegment pid,
            MemorySegment file,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment argv,
            MemorySegment envp) {
        try {
            return -(int) Spawnp.HANDLE.invokeExact(pid, file, actions, attributes, argv, envp);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
