# Reads a Vagrantfile as Vagrant would, and prints what it sets as JSON: [path, positional arguments, named arguments].
require "json"

class Recorder < BasicObject
  def initialize(log, path)
    @log = log
    @path = path
  end

  def method_missing(name, *values, **named, &block)
    path = "#{@path}.#{name}"
    if block
      @log << [path, values, named]
      block.call(::Recorder.new(@log, path))
    elsif values.empty? && named.empty?
      ::Recorder.new(@log, path)
    else
      @log << [path, values, named]
    end
  end
end

LOG = []
module Vagrant
  def self.configure(_version)
    yield Recorder.new(LOG, "config")
  end
end

load ARGV.fetch(0)
puts JSON.generate(LOG)
