package dev.dyad.interop.scenario;

import static dev.dyad.php.Sockets.socket_clear_error;
import static dev.dyad.php.Sockets.socket_last_error;

import dev.dyad.interop.scenario.Evaluation.Argument;
import dev.dyad.php.PhpError;
import dev.dyad.php.Socket;
import dev.dyad.php.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Goes through a scenario with the PHP face, and tells what came of each step as `scenario.php` does.
final class Interpreter implements Evaluation.Surroundings {

    private static final Pattern FORK = Pattern.compile("\\$(\\w+) = pcntl_fork\\(\\)");
    private static final Pattern ORDER = Pattern.compile("\\$(\\w+)([:&]) ?(.*)");
    private static final Pattern UNSET = Pattern.compile("unset\\(\\$(\\w+)\\)");
    private static final Pattern ASSIGNMENT = Pattern.compile("\\$(\\w+) = (.*)");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");

    private final String folder;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private final Map<String, Subprocess> children = new LinkedHashMap<>();
    private final Values values = new Values();
    private final Functions functions = new Functions(variables);
    private String slots = "0";

    Interpreter(Path folder) {
        this.folder = folder.toString();
    }

    /// Returns the transcript of a whole scenario.
    String run(List<String> steps) {
        var before = Sockets.onWarning(text -> say("warning: " + text));
        try {
            socket_clear_error();
            steps.forEach(this::step);
            List.copyOf(children.keySet()).forEach(this::release);
            return out.toString();
        } finally {
            Sockets.onWarning(before);
            closeAll();
        }
    }

    /// Returns the transcript of one step more, as a child does it.
    String one(String step) {
        out.setLength(0);
        var before = Sockets.onWarning(text -> say("warning: " + text));
        step(step);
        Sockets.onWarning(before);
        return out.toString();
    }

    private void step(String step) {
        out.append(step).append('\n');
        Matcher fork = FORK.matcher(step);
        Matcher order = ORDER.matcher(step);
        Matcher unset = UNSET.matcher(step);
        if (fork.matches()) {
            fork(fork.group(1));
        } else if (order.matches()) {
            order(order.group(1), order.group(2).equals("&"), order.group(3));
        } else if (unset.matches()) {
            variables.remove(unset.group(1));
        } else {
            evaluate(step);
        }
        tellVariables(step);
        tellSlots();
    }

    private void evaluate(String step) {
        Matcher assignment = ASSIGNMENT.matcher(step);
        boolean assigns = assignment.matches();
        String code = (assigns ? assignment.group(2) : step).replace("%D", folder);
        Object result;
        try {
            result = new Evaluation(code, this).value();
        } catch (PhpError e) {
            say(e.getClass().getSimpleName().replace("PhpError", "Error") + ": " + e.getMessage());
            return;
        } catch (Exception e) {
            say(e instanceof Functions.DoesNotCompile ? e.getMessage() : e.toString());
            return;
        }
        if (assigns) {
            String name = assignment.group(1);
            variables.put(name, Boolean.FALSE.equals(result) ? null : result);
            say("= " + values.show(name, result));
            shown.put(name, values.show(name, variables.get(name)));
        } else {
            say("= " + values.show(step.startsWith("pcntl_waitpid") ? "pid" : "", result));
        }
    }

    @Override
    public Object variable(String name) {
        return variables.get(name);
    }

    @Override
    public Object constant(String name) {
        if (name.startsWith("Socket#")) {
            return socket(Integer.parseInt(name.substring("Socket#".length())));
        }
        return Functions.constant(name);
    }

    @Override
    public Object call(String function, List<Argument> arguments) throws Exception {
        return Builtin.has(function) ? Builtin.call(function, arguments) : functions.call(function, arguments);
    }

    private void say(String text) {
        out.append("    ").append(text.replace(folder, "%D")).append('\n');
    }

    private void tellVariables(String step) {
        var names = new LinkedHashSet<String>();
        VARIABLE.matcher(step).results().forEach(match -> names.add(match.group(1)));
        names.remove("hidden"); // what PHP gets wrong may be another each time
        for (String name : names) {
            String text = values.show(name, variables.get(name));
            if (!text.equals(shown.getOrDefault(name, "null"))) {
                shown.put(name, text);
                say("$" + name + " = " + text);
            }
        }
    }

    private void tellSlots() {
        var text = new StringBuilder().append(socket_last_error());
        slotsOf(variables.values(), new TreeMap<>()).values().forEach(text::append);
        if (!slots.contentEquals(text)) {
            slots = text.toString();
            say("errors " + slots);
        }
    }

    private Map<Integer, String> slotsOf(Iterable<?> among, Map<Integer, String> found) {
        for (Object value : among) {
            if (value instanceof Map<?, ?> array) {
                slotsOf(array.values(), found);
            } else if (value instanceof Socket socket) {
                int code = isOpen(socket) ? socket_last_error(socket) : 0;
                if (code != 0) {
                    found.put(values.numberOf(socket), ", " + values.show("", socket) + " " + code);
                }
            }
        }
        return found;
    }

    private void fork(String name) {
        var open = new TreeMap<Integer, Socket>();
        values.sockets().forEach((socket, number) -> {
            if (isOpen(socket)) {
                open.put(number, socket);
            }
        });
        var child = new Subprocess(open.values());
        child.send(state(open.keySet()));
        variables.put(name, (long) child.pid());
        children.put(name, child);
    }

    /// Returns what a child of PHP has by itself: the folder, numbers, variables and slots, a line each.
    private String state(Iterable<Integer> passed) {
        var state = new StringBuilder(folder).append('\n');
        passed.forEach(number -> state.append(number).append(' '));
        state.append('\n')
                .append(values.sockets().size())
                .append('\n')
                .append(slots)
                .append('\n');
        values.symbols()
                .forEach((kind, seen) -> seen.forEach((value, number) ->
                        state.append(kind).append(' ').append(value).append('\n')));
        variables.forEach((name, value) -> state.append('$')
                .append(name)
                .append(" = ")
                .append(Values.literal(value, values.sockets()))
                .append('\n'));
        return state.toString();
    }

    /// Makes a child's interpreter of what [#state] returned.
    static Interpreter child(String state, Socket[] sockets) throws Exception {
        List<String> lines = state.lines().toList();
        var child = new Interpreter(Path.of(lines.get(0)));
        child.slots = lines.get(3);
        String[] numbers = lines.get(1).isEmpty() ? new String[0] : lines.get(1).split(" ");
        for (int i = 0; i < numbers.length; i++) {
            child.values.number(sockets[i], Integer.parseInt(numbers[i]));
        }
        for (int number = 1; number <= Integer.parseInt(lines.get(2)); number++) {
            if (child.socket(number) == null) {
                child.values.number(closedSocket(), number);
            }
        }
        for (String line : lines.subList(4, lines.size())) {
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (assignment.matches()) {
                String name = assignment.group(1);
                Object value = new Evaluation(assignment.group(2), child).value();
                child.variables.put(name, value);
                child.shown.put(name, child.values.show(name, value));
            } else {
                String[] symbol = line.split(" ");
                child.values.show(symbol[0].equals("process") ? "pid" : "port", Long.valueOf(symbol[1]));
            }
        }
        return child;
    }

    private Object socket(int number) {
        return values.sockets().entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                .findAny()
                .orElse(null);
    }

    private static Socket closedSocket() {
        Socket[] pair = new Socket[2];
        Sockets.socket_create_pair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, pair);
        pair[0].close();
        pair[1].close();
        return pair[0];
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket_last_error(socket);
            return true;
        } catch (PhpError e) {
            return false;
        }
    }

    private void order(String name, boolean inBackground, String step) {
        Subprocess child = children.get(name);
        if (child == null) {
            say("no such child");
            return;
        }
        if (!step.isEmpty()) {
            child.order(step);
        }
        if (!inBackground) {
            child.answers().forEach(line -> out.append("  | ").append(line).append('\n'));
        }
    }

    /// Lets a child go, and takes its end unless a step has.
    private void release(String name) {
        order(name, false, "");
        children.remove(name).close();
    }

    /// What PHP does when a program ends.
    private void closeAll() {
        children.values().forEach(Subprocess::close);
        values.sockets().keySet().forEach(Socket::close);
        closeStreams(variables.values());
    }

    private static void closeStreams(Iterable<?> among) {
        for (Object value : among) {
            if (value instanceof Map<?, ?> array) {
                closeStreams(array.values());
            } else if (value instanceof Channel stream) {
                try {
                    stream.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
