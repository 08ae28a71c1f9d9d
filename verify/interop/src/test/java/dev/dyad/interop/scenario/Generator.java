package dev.dyad.interop.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Makes scenarios up: sequences of calls, some sensible and some absurd.
///
/// Every socket has timeouts, or does not block, so that no call waits for long. What PHP gets wrong is left out,
/// for it has scenarios of its own: lines of what does not end in one, `MSG_TRUNC`, `MSG_FASTOPEN`, and what is
/// not there in PHP 8.2.
final class Generator {

    /// How sockets come to be; `safe` gives one its timeouts, and lets the steps have it.
    private static final List<String> BEGINNINGS = List.of("""
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, {a})
        safe {a}[0]
        safe {a}[1]
        """, """
        socket_create_pair(AF_UNIX, {type}, {protocol}, {a})
        safe {a}[0]
        safe {a}[1]
        """, """
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, {a})
        socket_write({a}[0], "first\\nsecond\\rthird\\n")
        socket_read({a}[1], {count}, PHP_NORMAL_READ)
        safe {a}[0]
        safe {a}[1]
        """, """
        {a} = socket_create(AF_UNIX, {streams}, 0)
        socket_bind({a}, "{path}")
        socket_listen({a}, {count})
        safe {a}
        {b} = socket_create(AF_UNIX, {streams}, 0)
        safe {b}
        socket_connect({b}, "{path}")
        {c} = socket_accept({a})
        safe {c}
        """, """
        {a} = socket_create({inet}, SOCK_STREAM, SOL_TCP)
        socket_bind({a}, {loopback}, 0)
        socket_listen({a}, {count})
        safe {a}
        socket_getsockname({a}, {x}, {port1})
        {b} = socket_create({inet}, SOCK_STREAM, SOL_TCP)
        socket_connect({b}, {loopback}, {port1})
        safe {b}
        {c} = socket_accept({a})
        safe {c}
        """, """
        {a} = socket_create(AF_UNIX, SOCK_DGRAM, 0)
        socket_bind({a}, "{path}")
        safe {a}
        {b} = socket_create(AF_UNIX, SOCK_DGRAM, 0)
        safe {b}
        socket_sendto({b}, {data}, 100, 0, "{path}")
        """, """
        {a} = socket_create({inet}, SOCK_DGRAM, SOL_UDP)
        socket_bind({a}, {loopback}, 0)
        safe {a}
        socket_getsockname({a}, {x}, {port1})
        {b} = socket_create({inet}, SOCK_DGRAM, SOL_UDP)
        safe {b}
        socket_sendto({b}, {data}, 100, 0, {loopback}, {port1})
        socket_connect({b}, {loopback}, {port1})
        """, """
        {a} = socket_create({domain}, {type}, {protocol})
        safe {a}
        """);

    private static final List<String> STEPS = List.of(
            "socket_write({socket}, {data})",
            "socket_write({socket}, {data})",
            "socket_write({socket}, {data}, {length})",
            "socket_send({socket}, {data}, {length}, {flags})",
            "socket_sendto({socket}, {data}, {length}, {flags}, {address})",
            "socket_sendto({socket}, {data}, {length}, {flags}, {address}, {port})",
            "socket_sendmsg({socket}, [\"iov\" => [{data}, {data}]], {flags})",
            "socket_sendmsg({socket}, [\"name\" => [\"path\" => \"{path}\"], \"iov\" => [{data}]])",
            "socket_read({socket}, {length})",
            "socket_read({socket}, {count})",
            "socket_read({socket}, 1000000)",
            "socket_read({socket}, {count}, {mode})",
            "socket_recv({socket}, {x}, {length}, {flags})",
            "socket_recv({socket}, {x}, {count}, {flags})",
            "socket_recvfrom({socket}, {x}, {length}, {flags}, {y})",
            "socket_recvfrom({socket}, {x}, {length}, {flags}, {y}, {port1})",
            """
            {x} = ["controllen" => {count}, "buffer_size" => {count}, "name" => []]
            socket_recvmsg({socket}, {x}, {flags})
            """,
            """
            {x} = [{socket}, "k" => {socket}]
            {y} = [{socket}, 7 => {socket}, {socket}]
            {z} = [{socket}]
            socket_select({x}, {y}, {z}, 0, {micros})
            """,
            """
            {x} = [{socket}, {socket}]
            socket_select({x}, {y}, {z}, 0)
            """,
            "socket_shutdown({socket}, {how})",
            "socket_close({socket})",
            "socket_getsockname({socket}, {x}, {port1})",
            "socket_getsockname({socket}, {x})",
            "socket_getpeername({socket}, {x}, {port1})",
            "socket_getpeername({socket}, {x})",
            "socket_get_option({socket}, {level}, {option})",
            "socket_get_option({socket}, SOL_SOCKET, {option})",
            "socket_set_option({socket}, {level}, {option}, {value})",
            "socket_set_option({socket}, SOL_SOCKET, {option}, {value})",
            "socket_set_option({socket}, SOL_SOCKET, {timeout}, [\"sec\" => {sec}, \"usec\" => {usec}])",
            "socket_set_option({socket}, SOL_SOCKET, SO_LINGER, [\"l_onoff\" => 1, \"l_linger\" => 0])",
            "socket_set_nonblock({socket})",
            "socket_set_block({socket})",
            "socket_listen({socket}, {length})",
            """
            {a} = socket_accept({socket})
            safe {a}
            """,
            "socket_connect({socket}, {address})",
            "socket_connect({socket}, {address}, {port})",
            "socket_bind({unix}, {name})",
            "socket_bind({unix}, {name}, {port})",
            "socket_bind({internet}, {host}, {port})",
            "socket_last_error({socket})",
            "socket_clear_error({socket})",
            "socket_clear_error()",
            "socket_strerror({number})",
            "socket_cmsg_space({level}, {count}, {count})",
            "socket_create_pair({domain}, {type}, {protocol}, {x})",
            "socket_create({number}, {number}, {number})");

    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
    private static final int FORKS_IN_THOUSAND = 10;
    private static final int LEFT_OUT = Absurd.MSG_TRUNC | Absurd.MSG_FASTOPEN;

    private final Random random;
    private boolean forks;
    private final List<String> steps = new ArrayList<>();
    private final List<String> sockets = new ArrayList<>();
    private final List<String> unix = new ArrayList<>();
    private final List<String> internet = new ArrayList<>();
    private final Map<String, Supplier<String>> words = words();
    private Map<String, String> inThisTemplate = new HashMap<>();
    private int names;

    private Generator(long seed) {
        random = new Random(seed);
    }

    static Scenario scenario(long seed) {
        return new Scenario("seed " + seed, new Generator(seed).make(), "", "", "");
    }

    private List<String> make() {
        int beginnings = 1 + random.nextInt(3);
        for (int i = 0; i < beginnings; i++) {
            add(any(BEGINNINGS), "");
        }
        forks = random.nextInt(1000) < FORKS_IN_THOUSAND;
        if (forks) {
            steps.add("$child = pcntl_fork()");
        }
        int count = 3 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            add(any(STEPS), forks && random.nextBoolean() ? "$child: " : "");
        }
        return steps;
    }

    private void add(String template, String who) {
        inThisTemplate = new HashMap<>();
        template.lines().map(this::filled).forEach(line -> {
            if (line.startsWith("safe ")) {
                String socket = line.substring("safe ".length());
                makeSafe(socket, who);
                familyOf(template).add(socket);
            } else {
                steps.add(who + line);
            }
        });
    }

    private void makeSafe(String socket, String who) {
        for (String timeout : List.of("SO_RCVTIMEO", "SO_SNDTIMEO")) {
            steps.add(who + "socket_set_option(" + socket + ", SOL_SOCKET, " + timeout
                    + ", [\"sec\" => 0, \"usec\" => 4000])");
        }
        if (random.nextBoolean()) {
            steps.add(who + "socket_set_nonblock(" + socket + ")");
        }
        sockets.add(socket);
    }

    /// Where the sockets of a template belong, so that names are not taken for hosts: a path would be made.
    private List<String> familyOf(String template) {
        return template.contains("AF_UNIX") ? unix : template.contains("{inet}") ? internet : new ArrayList<>();
    }

    private String filled(String line) {
        return PLACE.matcher(line)
                .replaceAll(place -> word(place.group(1)).replace("\\", "\\\\").replace("$", "\\$"));
    }

    private String word(String name) {
        Supplier<String> word = words.get(name);
        return word != null ? word.get() : inThisTemplate.computeIfAbsent(name, this::fresh);
    }

    /// What is the same throughout a template: new variables, a path, a family.
    private String fresh(String name) {
        return switch (name) {
            case "path" -> any(List.of("%D/", "\\x00%D")) + names++;
            case "streams" -> any(List.of("SOCK_STREAM", "SOCK_SEQPACKET"));
            case "inet" -> any(List.of("AF_INET", "AF_INET", "AF_INET6"));
            case "loopback" -> word("inet").equals("AF_INET") ? "\"127.0.0.1\"" : "\"::1\"";
            case "port1" -> "$port" + names++;
            default -> "$" + name + names++;
        };
    }

    private Map<String, Supplier<String>> words() {
        return Map.ofEntries(
                Map.entry("socket", () -> any(sockets)),
                Map.entry("unix", () -> unix.isEmpty() ? "$none" : any(unix)),
                Map.entry("internet", () -> internet.isEmpty() ? "$none" : any(internet)),
                Map.entry("name", () -> any(Absurd.NAMES)),
                Map.entry("host", () -> any(Absurd.HOSTS)),
                Map.entry("data", this::data),
                Map.entry("length", () -> any(Absurd.LENGTHS)),
                Map.entry("count", () -> any(List.of("1", "2", "5", "64", "100", "1000"))),
                Map.entry("flags", this::flags),
                Map.entry("number", () -> Integer.toString(random.nextInt())),
                Map.entry("mode", () -> any(List.of("PHP_BINARY_READ", "0", "-1", "99"))),
                Map.entry("micros", () -> any(List.of("0", "1000", "-1"))),
                Map.entry("how", () -> any(List.of("0", "1", "2", "3", "-1"))),
                Map.entry("level", () -> any(Absurd.LEVELS)),
                Map.entry("option", () -> Absurd.option(random)),
                Map.entry("value", () -> any(Absurd.VALUES)),
                Map.entry("timeout", () -> any(List.of("SO_RCVTIMEO", "SO_SNDTIMEO"))),
                // a time below zero is none to another process that has the socket: a difference that docs/php.md lists
                Map.entry("sec", () -> any(forks ? List.of("0") : List.of("0", "0", "-1"))),
                Map.entry("usec", () -> any(List.of("2000", "4000", "-1", "1000000"))),
                Map.entry("address", () -> any(Absurd.ADDRESSES)),
                Map.entry("port", () -> any(List.of("0", "1", "-1", "65536"))),
                Map.entry("domain", () -> any(List.of("AF_UNIX", "AF_INET", "AF_INET6", "0", "-1", "18"))),
                Map.entry("type", () -> any(Absurd.TYPES)),
                Map.entry("protocol", () -> any(List.of("0", "0", "0", "1", "6", "17", "-1", "256"))));
    }

    /// How much of a lot a TCP connection takes at once depends on how soon the kernel carries it on.
    private String data() {
        String data = any(Absurd.DATA);
        boolean overTcp = steps.stream().anyMatch(step -> step.contains("SOL_TCP"));
        return overTcp && data.equals(Absurd.A_LOT) ? Absurd.MUCH : data;
    }

    private String flags() {
        String flags = any(Absurd.FLAGS);
        return flags.equals("random") ? Integer.toString(random.nextInt() & ~LEFT_OUT) : flags;
    }

    private <T> T any(List<T> among) {
        return among.get(random.nextInt(among.size()));
    }
}
