<?php
// Runs scenarios in PHP: takes each from stdin, evaluates its steps as they stand, and prints what came of them.
// PhpSide starts this and Interpreter does the same in Java. `php scenario.php FOLDER`; a frame is its length,
// a line feed, and as many bytes.

final class Scenario
{
    private array $v = [];
    private string $out = '';
    private array $shown = [];
    private string $slots = '0';
    private WeakMap $numbers;
    private int $sockets = 0;
    private array $symbols = [];
    private array $children = [];

    public function __construct(private string $folder)
    {
        $this->numbers = new WeakMap();
    }

    public function run(string $steps): string
    {
        set_error_handler($this->warn(...));
        socket_clear_error();
        foreach (explode("\n", $steps) as $step) {
            $this->step($step);
        }
        foreach (array_keys($this->children) as $name) {
            $this->release($name);
        }
        restore_error_handler(); // it holds this, and this the sockets
        return $this->out;
    }

    private function step(string $step): void
    {
        $this->out .= $step . "\n";
        if (preg_match('/^\$(\w+) = pcntl_fork\(\)$/', $step, $fork)) {
            $this->fork($fork[1]);
        } elseif (preg_match('/^\$(\w+)([:&]) ?(.*)$/', $step, $order)) {
            $this->order($order[1], $order[2] === '&', $order[3]);
        } elseif (preg_match('/^unset\(\$(\w+)\)$/', $step, $unset)) {
            unset($this->v[$unset[1]]);
        } else {
            $this->evaluate($step);
        }
        $this->tellVariables($step);
        $this->tellSlots();
    }

    private function evaluate(string $step): void
    {
        $code = preg_replace('/\$(\w+)/', '$v["\1"]', str_replace('%D', $this->folder, $step));
        try {
            $result = self::evaluated($this->v, $code);
        } catch (Throwable $e) {
            $this->say(get_class($e) . ': ' . $e->getMessage());
            return;
        }
        if (preg_match('/^\$(\w+) = /', $step, $assigned)) {
            $this->v[$assigned[1]] = $result === false ? null : $result; // null is what Java has for it
            $this->show('', $result); // numbers it
            $this->say('= ' . $this->show($assigned[1], $result));
            $this->shown[$assigned[1]] = $this->show($assigned[1], $this->v[$assigned[1]]);
        } else {
            $this->say('= ' . $this->show(str_starts_with($step, 'pcntl_waitpid') ? 'pid' : '', $result));
        }
    }

    private static function evaluated(array &$v, string $code): mixed
    {
        return eval("return $code;");
    }

    private function warn(int $level, string $text): bool
    {
        if (!preg_match('/^(Undefined (array key|variable)|Trying to access array offset)/', $text)) {
            $this->say(($level === E_DEPRECATED ? 'deprecated: ' : 'warning: ') . $text);
        }
        return true;
    }

    private function say(string $text): void
    {
        $this->out .= '    ' . str_replace($this->folder, '%D', $text) . "\n";
    }

    private function tellVariables(string $step): void
    {
        preg_match_all('/\$(\w+)/', $step, $names);
        foreach (array_diff(array_unique($names[1]), ['hidden']) as $name) {
            $text = $this->show($name, $this->v[$name] ?? null);
            if ($text !== ($this->shown[$name] ?? 'null')) {
                $this->shown[$name] = $text;
                $this->say("\$$name = $text");
            }
        }
    }

    private function tellSlots(): void
    {
        $slots = $this->slotsOf($this->v);
        ksort($slots);
        $text = socket_last_error() . implode('', $slots);
        if ($text !== $this->slots) {
            $this->slots = $text;
            $this->say("errors $text");
        }
    }

    /** By hand, for array_walk_recursive makes references of elements, which the functions of messages refuse. */
    private function slotsOf(array $among): array
    {
        $slots = [];
        foreach ($among as $value) {
            if (is_array($value)) {
                $slots += $this->slotsOf($value);
            } elseif ($value instanceof Socket) {
                try {
                    $code = socket_last_error($value);
                    if ($code !== 0) {
                        $slots[$this->number($value)] = ', ' . $this->show('', $value) . ' ' . $code;
                    }
                } catch (Error) {
                    // closed: it has no slot
                }
            }
        }
        return $slots;
    }

    private function number(Socket $socket): int
    {
        return $this->numbers[$socket] ??= ++$this->sockets;
    }

    private function show(string|int $name, mixed $value): string
    {
        if (is_int($value)) {
            return $this->symbol($name, $value) ?? (string) $value;
        }
        if (is_string($value)) {
            return self::showString($value);
        }
        if (is_array($value)) {
            $elements = [];
            foreach ($value as $key => $element) {
                $elements[] = (is_int($key) ? $key : self::showString($key)) . ' => ' . $this->show($key, $element);
            }
            return '[' . implode(', ', $elements) . ']';
        }
        if ($value instanceof Socket) {
            return 'Socket#' . $this->number($value);
        }
        if (is_object($value)) {
            return get_class($value);
        }
        if (str_starts_with(gettype($value), 'resource')) {
            return is_resource($value) ? 'stream' : 'closed stream';
        }
        return json_encode($value, JSON_PRESERVE_ZERO_FRACTION);
    }

    /** What the system chose: a port or a process, by the order in which it appeared. */
    private function symbol(string|int $name, int $value): ?string
    {
        if (!preg_match('/^(?:(port|sin_port|sin6_port)|pid|child)/', (string) $name, $is) || $value < (isset($is[1]) ? 1024 : 2)) {
            return null;
        }
        $kind = isset($is[1]) ? 'port' : 'process';
        if ($value === getmypid()) {
            return 'this process';
        }
        return $kind . '#' . ($this->symbols[$kind][$value] ??= count($this->symbols[$kind] ?? []) + 1);
    }

    private static function showString(string $bytes): string
    {
        if (strlen($bytes) > 200) {
            return 'string(' . strlen($bytes) . ') crc ' . crc32($bytes);
        }
        return '"' . preg_replace_callback(
            '/[^ !#%-\[\]-~]/',
            fn ($byte) => sprintf('\x%02x', ord($byte[0])),
            $bytes
        ) . '"';
    }

    private function fork(string $name): void
    {
        [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $pid = pcntl_fork();
        if ($pid === 0) {
            fclose($ours);
            foreach ($this->children as $child) {
                fclose($child['orders']);
            }
            $this->children = [];
            $this->obey($theirs);
        }
        fclose($theirs);
        $this->v[$name] = $pid;
        $this->children[$name] = ['orders' => $ours, 'awaited' => 0];
    }

    /** What a child does: steps as they are told, until the parent is gone or says exit. */
    private function obey($orders): never
    {
        while (($step = readFrame($orders)) !== null) {
            $this->out = '';
            if (preg_match('/^exit\((\d+)\)$/', $step, $exit)) {
                writeFrame($orders, '');
                exit((int) $exit[1]);
            }
            $this->step($step);
            writeFrame($orders, $this->out);
        }
        exit(0);
    }

    private function order(string $name, bool $inBackground, string $step): void
    {
        if (!isset($this->children[$name])) {
            $this->say('no such child');
            return;
        }
        $child = &$this->children[$name];
        if ($step !== '') {
            writeFrame($child['orders'], $step);
            $child['awaited']++;
        }
        while (!$inBackground && $child['awaited'] > 0) {
            $child['awaited']--;
            $told = rtrim((string) readFrame($child['orders']), "\n");
            $this->out .= $told === '' ? '' : preg_replace('/^/m', '  | ', $told) . "\n";
        }
    }

    /** Lets a child go, and takes its end unless a step has. */
    private function release(string $name): void
    {
        $this->order($name, false, '');
        fclose($this->children[$name]['orders']);
        pcntl_waitpid($this->v[$name], $status);
        unset($this->children[$name]);
    }
}

function readFrame($stream): ?string
{
    $line = fgets($stream);
    if ($line === false) {
        return null;
    }
    for ($frame = ''; strlen($frame) < (int) $line; $frame .= $piece) {
        $piece = fread($stream, (int) $line - strlen($frame));
        if ($piece === false || $piece === '') {
            return null;
        }
    }
    return $frame;
}

function writeFrame($stream, string $frame): void
{
    fwrite($stream, strlen($frame) . "\n" . $frame);
    fflush($stream);
}

gethostbyname('no.such.host.invalid'); // a name that is refused before it is looked up has the error of the one before

while (($steps = readFrame(STDIN)) !== null) {
    $transcript = (new Scenario($argv[1]))->run($steps);
    gc_collect_cycles();
    writeFrame(STDOUT, $transcript);
}
