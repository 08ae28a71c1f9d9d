package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a name in the C library becomes a method handle: the one place where Dyad links.
///
/// Each call keeps its handle in a class of its own, so that it is linked when it is first made and not at
/// start.
@SuppressWarnings("restricted") // the one place that may
public final class Linking {

    public static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;
    public static final ValueLayout.OfShort C_SHORT = ValueLayout.JAVA_SHORT;
    public static final ValueLayout.OfLong C_LONG = ValueLayout.JAVA_LONG;
    public static final ValueLayout.OfLong C_SIZE_T = ValueLayout.JAVA_LONG;
    public static final ValueLayout.OfLong C_SSIZE_T = ValueLayout.JAVA_LONG;
    public static final AddressLayout C_POINTER = ValueLayout.ADDRESS;

    /// Whether calls can be made to fail: a constant, so that otherwise [Faults] is not even loaded.
    static final boolean FAULTS = System.getProperty("dyad.faults") != null;

    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final String LIBC = "libc.so.6";

    private static volatile @Nullable SymbolLookup libc; // once it has been found

    private Linking() {}

    /// Links a call that answers `-1` and sets `errno`; the handle's first parameter is [CallState#segment].
    public static MethodHandle link(String name, MemoryLayout result, MemoryLayout... parameters) {
        MethodHandle handle = linker().downcallHandle(address(name), FunctionDescriptor.of(result, parameters), ERRNO);
        return FAULTS ? Faults.guard(name, handle) : handle;
    }

    /// Links a call as [#link] does, for one that never waits and is over soon.
    ///
    /// All of its memory may be on the heap. Until it is over no thread of the JVM comes to a safepoint, so it
    /// is for few bytes, for what the kernel is told not to wait for, and for what no other process holds locks
    /// of.
    public static MethodHandle linkCritical(String name, MemoryLayout result, MemoryLayout... parameters) {
        MethodHandle handle = linker().downcallHandle(
                        address(name), FunctionDescriptor.of(result, parameters), ERRNO, Linker.Option.critical(true));
        return FAULTS ? Faults.guard(name, handle) : handle;
    }

    /// Links a variadic call whose named parameters are the first `named`.
    public static MethodHandle linkVariadic(String name, int named, MemoryLayout result, MemoryLayout... parameters) {
        MethodHandle handle = linker().downcallHandle(
                        address(name),
                        FunctionDescriptor.of(result, parameters),
                        ERRNO,
                        Linker.Option.firstVariadicArg(named));
        return FAULTS ? Faults.guard(name, handle) : handle;
    }

    /// Links a call that has nothing to do with `errno`: it cannot fail, or it answers the error itself.
    public static MethodHandle linkPlain(String name, MemoryLayout result, MemoryLayout... parameters) {
        MethodHandle handle = linker().downcallHandle(address(name), FunctionDescriptor.of(result, parameters));
        return FAULTS ? Faults.guardPlain(name, handle) : handle;
    }

    /// Links a call that has nothing to do with `errno` and answers nothing.
    public static MethodHandle linkPlainVoid(String name, MemoryLayout... parameters) {
        return linker().downcallHandle(address(name), FunctionDescriptor.ofVoid(parameters));
    }

    /// Returns whether the C library has `name`: not every version has every call.
    public static boolean has(String name) {
        return find(name).isPresent();
    }

    /// Returns the bytes of the string that ends with a NUL byte at `address`: they need not be text in any
    /// encoding.
    public static byte[] bytes(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0, ISO_8859_1).getBytes(ISO_8859_1);
    }

    /// Returns the string that ends with a NUL byte at `address`.
    public static String string(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /// Returns the `size` bytes at `address`, where the C library says that so many are.
    static MemorySegment sized(MemorySegment address, long size) {
        return address.reinterpret(size);
    }

    /// Returns the pointers, up to the first `NULL`, in what the variable of type `char **` at `variable`
    /// points to.
    static MemorySegment pointers(MemorySegment variable) {
        MemorySegment array = variable.reinterpret(C_POINTER.byteSize()).get(C_POINTER, 0);
        MemorySegment endless = array.reinterpret(Long.MAX_VALUE);
        long size = 0;
        while (endless.get(C_LONG, size) != 0) {
            size += C_POINTER.byteSize();
        }
        return endless.asSlice(0, size);
    }

    /// Looks whether native access is allowed, and whether this is the C library that is meant.
    ///
    /// @throws IllegalCallerException if native access is denied to this module
    /// @throws UnsupportedOperationException if there is no C library of that name, or no `symbol` in it
    static void probe(String symbol) {
        MemorySegment _ = address(symbol).reinterpret(1);
    }

    static Optional<MemorySegment> find(String name) {
        return libc().find(name);
    }

    /// Finds the C library by its name: it is loaded, so that this takes no descriptor.
    ///
    /// The linker's own lookup opens a library of the JDK. Where there is no descriptor left for that, it finds
    /// nothing, now and for the rest of the process.
    private static SymbolLookup libc() {
        SymbolLookup found = libc;
        if (found == null) {
            try {
                found = SymbolLookup.libraryLookup(LIBC, Arena.global());
            } catch (IllegalArgumentException notFound) {
                throw new UnsupportedOperationException("there is no " + LIBC, notFound);
            }
            libc = found;
        }
        return found;
    }

    /// Says that call site and descriptor disagree, which is a bug here and nothing else.
    ///
    /// By steps, since a `switch` over types has to be linked itself, for which there may be no memory.
    ///
    /// @throws IllegalStateException if `cause` is one: memory that was given to the call is no longer there
    /// @throws WrongThreadException if `cause` is one: such memory belongs to another thread
    /// @throws VirtualMachineError if `cause` is one: there is no memory, or no stack
    /// @throws LinkageError if `cause` is one: the call could not be linked when it was first made, and is lost
    public static AssertionError mismatch(Throwable cause) {
        if (cause instanceof IllegalStateException gone) {
            throw gone;
        }
        if (cause instanceof WrongThreadException foreign) {
            throw foreign;
        }
        if (cause instanceof VirtualMachineError exhausted) {
            throw exhausted;
        }
        if (cause instanceof LinkageError lost) {
            throw lost;
        }
        return new AssertionError("call site and descriptor disagree", cause);
    }

    /// Returns where a function or a variable is.
    static MemorySegment address(String name) {
        Optional<MemorySegment> found = find(name);
        if (found.isEmpty()) { // no lambda: the first one of a JVM costs more than the rest of this
            throw new UnsupportedOperationException("the C library has no " + name);
        }
        return found.get();
    }

    private static Linker linker() {
        return Linker.nativeLinker();
    }
}
