package dev.dyad.posix;

import dev.dyad.posix.linux.Linux;
import dev.dyad.posix.linux.LinuxTables;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All that floor 0 says of C's headers, written as C that only compiles if it is true.
///
/// What there is to say is found by reflection, so that nothing new goes unchecked.
final class Headers {

    static final String INCLUDES = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <linux/filter.h>
        #include <net/if.h>
        #include <netdb.h>
        #include <netinet/in.h>
        #include <netinet/tcp.h>
        #include <poll.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stddef.h>
        #include <sys/epoll.h>
        #include <sys/eventfd.h>
        #include <sys/file.h>
        #include <sys/ioctl.h>
        #include <sys/mman.h>
        #include <sys/resource.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <sys/uio.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <time.h>
        #include <unistd.h>
        """;

    /// Each class with a layout, and the C type that it stands for.
    private static final Map<String, String> STRUCTS = Map.ofEntries(
            Map.entry("AddrInfo", "struct addrinfo"),
            Map.entry("CMsgHdr", "struct cmsghdr"),
            Map.entry("EpollEvent", "struct epoll_event"),
            Map.entry("GroupReq", "struct group_req"),
            Map.entry("GroupSourceReq", "struct group_source_req"),
            Map.entry("HostEnt", "struct hostent"),
            Map.entry("IfReq", "struct ifreq"),
            Map.entry("In6PktInfo", "struct in6_pktinfo"),
            Map.entry("IoVec", "struct iovec"),
            Map.entry("Linger", "struct linger"),
            Map.entry("MMsgHdr", "struct mmsghdr"),
            Map.entry("MsgHdr", "struct msghdr"),
            Map.entry("PollFd", "struct pollfd"),
            Map.entry("RLimit", "struct rlimit"),
            Map.entry("Rusage", "struct rusage"),
            Map.entry("SigAction", "struct sigaction"),
            Map.entry("SigInfo", "siginfo_t"),
            Map.entry("SockAddrIn", "struct sockaddr_in"),
            Map.entry("SockAddrIn6", "struct sockaddr_in6"),
            Map.entry("SockAddrStorage", "struct sockaddr_storage"),
            Map.entry("SockAddrUn", "struct sockaddr_un"),
            Map.entry("SockFProg", "struct sock_fprog"),
            Map.entry("SockFilter", "struct sock_filter"),
            Map.entry("Stat", "struct stat"),
            Map.entry("Timespec", "struct timespec"),
            Map.entry("Timeval", "struct timeval"),
            Map.entry("Ucred", "struct ucred"));

    /// Each size that [SystemNumbers] tells, and the C type whose size it is.
    private static final Map<String, String> SIZES = Map.of(
            "sizeofSpawnFileActions", "posix_spawn_file_actions_t",
            "sizeofSpawnAttributes", "posix_spawnattr_t",
            "sizeofSignalSet", "sigset_t");

    /// What only newer headers have: claimed where it is there.
    private static final Set<String> RECENT = Set.of("SCM_PIDFD", "SO_PEERPIDFD");

    private Headers() {}

    /// Returns every claim for the processor of `arch`.
    static String claims(String arch) throws Exception {
        var claims = new StringBuilder(INCLUDES);
        LinuxTables.errors().forEach((name, value) -> claims.append(number(name, value)));
        var os = new Linux();
        LinuxTables.signals().forEach(name -> claims.append(number(name, os.signal(name))));
        LinuxTables.resources().forEach(name -> claims.append(number(name, os.resource(name))));
        for (Method method : numbersOf(SystemNumbers.class)) {
            claims.append(claim(os, method));
        }
        for (long length : new long[] {0, 1, 4, 7, 8, 9, 12, 1012}) {
            claims.append(arithmetic(length));
        }
        for (int status : new int[] {0, 0x0700, 0xff00, 9, 0x8b}) {
            claims.append(exit(status));
        }
        for (Class<?> type : classes()) {
            for (Field field : numberFieldsOf(type)) {
                claims.append(number(cName(field.getName()), ((Number) field.get(null)).longValue()));
            }
            StructLayout layout = layoutOf(type, arch);
            if (layout != null) {
                claims.append(struct(cType(type), layout));
            }
        }
        return claims.toString();
    }

    /// Claims the size, the alignment, and where each named field is.
    static String struct(String type, StructLayout layout) {
        var claims = new StringBuilder();
        claims.append(size(type, layout.byteSize()));
        claims.append(claim("_Alignof(%s) <= %d".formatted(type, layout.byteAlignment())));
        for (MemoryLayout member : layout.memberLayouts()) {
            member.name()
                    .ifPresent(name -> claims.append(
                            field(type, name, layout.byteOffset(PathElement.groupElement(name)), member.byteSize())));
        }
        return claims.toString();
    }

    /// Claims what the macros make of a control message with so much data.
    static String arithmetic(long length) {
        return number("CMSG_ALIGN(%d)".formatted(length), CMsgHdr.align(length))
                + number("CMSG_SPACE(%d)".formatted(length), CMsgHdr.space(length))
                + number("CMSG_LEN(%d)".formatted(length), CMsgHdr.length(length))
                + number("offsetof(struct cmsghdr, __cmsg_data)", CMsgHdr.dataOffset());
    }

    /// Claims what the macros make of the status that a wait tells of a process that has ended.
    private static String exit(int status) {
        return number("!!WIFEXITED(%d)".formatted(status), SysWait.WIFEXITED(status) ? 1 : 0)
                + number("!!WIFSIGNALED(%d)".formatted(status), SysWait.WIFEXITED(status) ? 0 : 1)
                + number("WEXITSTATUS(%d)".formatted(status), SysWait.WEXITSTATUS(status))
                + number("WTERMSIG(%d)".formatted(status), SysWait.WTERMSIG(status))
                + number("!!WCOREDUMP(%d)".formatted(status), SysWait.WCOREDUMP(status) ? 1 : 0);
    }

    static String field(String type, String name, long offset, long size) {
        return claim("offsetof(%s, %s) == %d".formatted(type, name, offset))
                + claim("sizeof(((%s *) 0)->%s) == %d".formatted(type, name, size));
    }

    static String size(String type, long size) {
        return claim("sizeof(%s) == %d".formatted(type, size));
    }

    static String number(String name, long value) {
        return claim("(%s) == %d".formatted(name, value));
    }

    private static String claim(String text) {
        return "_Static_assert(%s, \"%s\");%n".formatted(text, text);
    }

    private static String claim(Platform os, Method method) throws ReflectiveOperationException {
        long value = ((Number) method.invoke(os)).longValue();
        String sized = SIZES.get(method.getName());
        String claim = sized != null ? size(sized, value) : number(method.getName(), value);
        return RECENT.contains(method.getName()) ? "#ifdef %s%n%s#endif%n".formatted(method.getName(), claim) : claim;
    }

    /// Those of the interfaces that it extends among them.
    private static List<Method> numbersOf(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() == 0 && isNumber(method.getReturnType()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    /// A private number is the class's own affair, no header's.
    private static List<Field> numberFieldsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers()))
                .filter(field -> isNumber(field.getType()))
                .peek(field -> field.setAccessible(true))
                .toList();
    }

    private static boolean isNumber(Class<?> type) {
        return type == int.class || type == long.class || type == short.class;
    }

    private static String cName(String name) {
        return name.startsWith("NR_") ? "__NR_" + name.substring("NR_".length()).toLowerCase(Locale.ROOT) : name;
    }

    private static String cType(Class<?> type) {
        return Objects.requireNonNull(STRUCTS.get(type.getSimpleName()), "no C type is known for " + type);
    }

    private static @Nullable StructLayout layoutOf(Class<?> type, String arch) throws ReflectiveOperationException {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals("layout") && method.getReturnType() == StructLayout.class) {
                method.setAccessible(true);
                return (StructLayout) method.invoke(null, arch);
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (field.getName().equals("LAYOUT") && !Modifier.isPrivate(field.getModifiers())) {
                return (StructLayout) field.get(null);
            }
        }
        return null;
    }

    /// Returns every class of the floor, those of the tests not.
    static List<Class<?>> classes() throws Exception {
        URI module = Objects.requireNonNull(Platform.class.getResource("Platform.class"))
                .toURI();
        Path folder = Objects.requireNonNull(Path.of(module).getParent());
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(folder::relativize)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .sorted()
                    .<Class<?>>map(name -> load("dev.dyad.posix." + name.replace('/', '.')))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Platform.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
