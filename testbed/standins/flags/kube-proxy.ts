/** Every flag of kube-proxy v1.5.2 (facts/flags/kube-proxy.txt): name, type, default and why it is deprecated, tab-separated. */
export default String.raw`
alsologtostderr	bool	false
bind-address	ip	0.0.0.0
cleanup-iptables	bool	false
cluster-cidr	string	""
config-sync-period	duration	15m0s
conntrack-max	int32	0	deprecated: This feature will be removed in a later release.
conntrack-max-per-core	int32	32768
conntrack-min	int32	131072
conntrack-tcp-timeout-close-wait	duration	1h0m0s
conntrack-tcp-timeout-established	duration	24h0m0s
feature-gates	mapStringBool	""
healthz-bind-address	ip	127.0.0.1
healthz-port	int32	10249
hostname-override	string	""
iptables-masquerade-bit	int32	14
iptables-min-sync-period	duration	0s
iptables-sync-period	duration	30s
kube-api-burst	int32	10
kube-api-content-type	string	application/vnd.kubernetes.protobuf
kube-api-qps	float32	5
kubeconfig	string	""
log-backtrace-at	traceLocation	:0
log-dir	string	""
log-flush-frequency	duration	5s
logtostderr	bool	true
masquerade-all	bool	false
master	string	""
oom-score-adj	int32	-999
proxy-mode	ProxyMode	""
proxy-port-range	port-range	""
resource-container	string	""	deprecated: This feature will be removed in a later release.
stderrthreshold	severity	2
udp-timeout	duration	250ms
v	Level	0
version	version	false
vmodule	moduleSpec	""
`;
