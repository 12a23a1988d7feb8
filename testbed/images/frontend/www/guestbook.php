# The original's HTTP interface, as a CGI script of the web server:
#   guestbook.php?cmd=set&key=KEY&value=VALUE  answers {"message": "Updated"}
#   guestbook.php?cmd=get&key=KEY              answers {"data": "VALUE"}
set -f

# The decoded value of one field of the query.
field() {
  ( IFS='&'
    for pair in $QUERY_STRING; do
      case $pair in "$1="*) exec httpd -d "${pair#*=}" ;; esac
    done )
}

# Standard input as the inside of a JSON string; other control characters have no place in a guestbook.
json() {
  tr -d '\000-\010\013\014\016-\037\177' |
    sed -e ':all' -e '$!{N;b all' -e '}' -e 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g; s/\r/\\r/g; s/\n/\\n/g'
}

# ask HOST COMMAND...: what redis says, within 5 s.
ask() {
  host=$1
  shift
  timeout 5 redis-cli -h "$host" -p 6379 -e "$@" 2>&1
}

answer() {
  printf 'Status: %s\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n\r\n%s' "$1" "$2"
}

unavailable() {
  answer '502 Bad Gateway' "{\"error\": \"$1: $(printf '%s' "$2" | json)\"}"
}

master=redis-master
slave=redis-slave
if [ "${GET_HOSTS_FROM:-dns}" = env ]; then
  master=$REDIS_MASTER_SERVICE_HOST
  slave=$REDIS_SLAVE_SERVICE_HOST
fi

key=$(field key)
case $(field cmd) in
  set)
    if said=$(field value | ask "$master" -x SET "$key"); then
      answer '200 OK' '{"message": "Updated"}'
    else
      unavailable redis-master "$said"
    fi
    ;;
  get)
    if said=$(ask "$slave" GET "$key"); then
      answer '200 OK' "{\"data\": \"$(printf '%s' "$said" | json)\"}"
    else
      unavailable redis-slave "$said"
    fi
    ;;
  *) answer '400 Bad Request' '{"error": "expected cmd=set or cmd=get"}' ;;
esac
