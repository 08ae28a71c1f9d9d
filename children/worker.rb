# A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
# A message is its length in four bytes, big-endian, and so many bytes.
parent = IO.for_fd(Integer(ENV.fetch('DYAD_FD', '3')), 'r+b')
parent.sync = true

while (head = parent.read(4))
  length = head.unpack1('N') || abort('worker.rb: a length is cut')
  abort 'worker.rb: a message of 2 GiB or more' if length >= 1 << 31
  request = parent.read(length) || ''
  abort 'worker.rb: a message is cut' if request.bytesize < length
  answer = request.upcase
  parent.write([answer.bytesize].pack('N'), answer)
end
