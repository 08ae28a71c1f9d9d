package dev.dyad.posix;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// System calls that fail on purpose, for tests.
///
/// Only where `-Ddyad.faults` is set: otherwise nothing of it is on the way of a call, and this class is not
/// loaded. The calls of one thread are watched at a time; those of others are made as ever.
public final class Faults {

    /// What takes something back does so whatever it answers.
    private static final Set<String> MADE_ANYWAY =
            Set.of("close", "posix_spawn_file_actions_destroy", "posix_spawnattr_destroy", "wait4");

    private static final List<String> CALLS = new ArrayList<>(); // guarded by the class
    private static @Nullable Thread watched; // guarded by the class
    private static int failing; // guarded by the class
    private static @Nullable String expected; // guarded by the class
    private static int errno; // guarded by the class
    private static boolean made; // guarded by the class
    private static @Nullable String watchedName; // guarded by the class
    private static @Nullable Error thrown; // by a call that may end only after the end; guarded by the class

    private Faults() {}

    /// Watches the calls of this thread from now on, all of which are made.
    public static void watch() {
        begin(-1, null, 0, false);
    }

    /// Watches the calls of this thread from now on, one of which is not made and fails.
    ///
    /// @param index which, from zero on
    /// @param errno how
    public static void refuse(int index, int errno) {
        begin(index, null, errno, false);
    }

    /// Does as [#refuse(int, int)], if the call is the one that is meant: how many there are may differ.
    ///
    /// @param call its name
    public static void refuse(int index, String call, int errno) {
        begin(index, call, errno, false);
    }

    /// Watches the calls of this thread from now on, one of which is made and fails all the same, as one
    /// that goes on afterwards does.
    ///
    /// @param index which, from zero on
    /// @param errno how
    public static void belie(int index, int errno) {
        begin(index, null, errno, true);
    }

    /// Does as [#belie(int, int)], if the call is the one that is meant.
    ///
    /// @param call its name
    public static void belie(int index, String call, int errno) {
        begin(index, call, errno, true);
    }

    /// Watches the calls of the threads of a name from now on, one of which throws.
    ///
    /// @param thread the name
    /// @param index which call, from zero on; a negative number for none
    /// @param isMade whether the call is made, so that what it answered is lost
    /// @param error what is thrown
    @SuppressWarnings("StaticAssignmentOfThrowable") // it is thrown once, and where it came from is not asked
    public static synchronized void strike(String thread, int index, boolean isMade, Error error) {
        begin(index, null, 0, isMade);
        watched = null;
        watchedName = thread;
        thrown = error;
    }

    /// Watches the calls of the threads of a name from now on, one of which is not made and fails.
    ///
    /// @param thread the name
    /// @param index which call, from zero on; a negative number for none
    /// @param call its name, or `null` for whichever it is
    /// @param errno how
    public static synchronized void refuse(String thread, int index, @Nullable String call, int errno) {
        begin(index, call, errno, false);
        watched = null;
        watchedName = thread;
    }

    /// Returns how many calls were come to since the beginning.
    public static synchronized int count() {
        return CALLS.size();
    }

    /// Ends what was begun.
    ///
    /// @return the names of the calls that the thread came to, in their order
    public static synchronized List<String> end() {
        watched = null;
        watchedName = null;
        return List.copyOf(CALLS);
    }

    @SuppressWarnings("StaticAssignmentOfThrowable") // as above
    private static synchronized void begin(int index, @Nullable String call, int number, boolean isMade) {
        if (!Linking.FAULTS) {
            throw new IllegalStateException("calls fail only with -Ddyad.faults");
        }
        CALLS.clear();
        failing = index;
        expected = call;
        errno = number;
        made = isMade;
        watchedName = null;
        thrown = null;
        watched = Thread.currentThread();
    }

    /// Returns what a call that sets `errno` is replaced by.
    static MethodHandle guard(String name, MethodHandle handle) {
        MethodType type = handle.type();
        MethodHandle failed = find("failed", int.class, MemorySegment.class)
                .asType(MethodType.methodType(type.returnType(), MemorySegment.class));
        List<Class<?>> others = type.parameterList().subList(1, type.parameterCount());
        return guarded(name, handle, MethodHandles.dropArguments(failed, 1, others));
    }

    /// Returns what a call that answers the error itself is replaced by; one that answers no number cannot
    /// fail.
    static MethodHandle guardPlain(String name, MethodHandle handle) {
        MethodType type = handle.type();
        return type.returnType() == int.class
                ? guarded(name, handle, MethodHandles.dropArguments(find("errno", int.class), 0, type.parameterList()))
                : handle;
    }

    private static MethodHandle guarded(String name, MethodHandle handle, MethodHandle failed) {
        MethodHandle belied = MethodHandles.foldArguments(
                MethodHandles.dropArguments(failed, 0, handle.type().returnType()), handle);
        MethodHandle failing = MethodHandles.guardWithTest(
                find("isMade", boolean.class, String.class).bindTo(name), belied, failed);
        return MethodHandles.guardWithTest(
                find("isDue", boolean.class, String.class).bindTo(name), failing, handle);
    }

    static synchronized boolean isDue(String name) {
        Thread thread = Thread.currentThread();
        if (thread != watched && !thread.getName().equals(watchedName)) {
            return false;
        }
        CALLS.add(name);
        return CALLS.size() - 1 == failing && (expected == null || expected.equals(name));
    }

    static synchronized boolean isMade(String name) {
        return made || MADE_ANYWAY.contains(name);
    }

    static synchronized int failed(MemorySegment state) {
        throwIfSo();
        CallState.set(state, errno);
        return -1;
    }

    static synchronized int errno() {
        throwIfSo();
        return errno;
    }

    private static void throwIfSo() {
        if (thrown != null) {
            throw thrown;
        }
    }

    private static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().findStatic(Faults.class, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
