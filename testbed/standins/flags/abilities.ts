/** What a stand-in can do with its flags. A flag in none of the lists may only have its default. */
export interface Abilities {
  /** Does as the real daemon does. */
  does: string[];
  /** Takes, and nothing that a guestbook cluster shows depends on it: rates, periods, logging of details. */
  takes: string[];
  /** Does as the real daemon does for these values beside the default. */
  values?: Record<string, string[]>;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const logging = "alsologtostderr log-backtrace-at log-dir log-flush-frequency stderrthreshold v vmodule";
const client = "kube-api-burst kube-api-content-type kube-api-qps profiling contention-profiling";
const leading = `leader-elect leader-elect-lease-duration leader-elect-renew-deadline leader-elect-retry-period`;

export const abilities: Record<string, Abilities> = {
  flanneld: {
    does: words(`
      etcd-endpoints etcd-prefix help iface ip-masq public-ip subnet-file subnet-lease-renew-margin version`),
    takes: words("alsologtostderr log_backtrace_at log_dir stderrthreshold v vmodule subnet-dir"),
  },
  "kube-apiserver": {
    does: words(`
      admission-control advertise-address bind-address cert-dir etcd-prefix etcd-servers event-ttl insecure-bind-address
      insecure-port secure-port service-account-key-file service-cluster-ip-range service-node-port-range tls-cert-file
      tls-private-key-file version`),
    takes: words(`
      ${logging} ${client} allow-privileged audit-log-maxage audit-log-maxbackup audit-log-maxsize
      authentication-token-webhook-cache-ttl authorization-webhook-cache-authorized-ttl
      authorization-webhook-cache-unauthorized-ttl delete-collection-workers deserialization-cache-size
      enable-garbage-collector enable-swagger-ui etcd-quorum-read external-hostname ir-data-source ir-dbname ir-hawkular
      ir-influxdb-host ir-namespace-only ir-password ir-percentile ir-user kubelet-https kubelet-port
      kubelet-preferred-address-types kubelet-timeout long-running-request-regexp max-connection-bytes-per-sec
      max-requests-inflight min-request-timeout repair-malformed-updates storage-version target-ram-mb watch-cache
      watch-cache-sizes`),
    values: { "storage-backend": ["etcd2"] },
  },
  "kube-controller-manager": {
    does: words(`
      ${leading} address cluster-signing-cert-file master node-monitor-grace-period node-monitor-period
      node-startup-grace-period port service-account-private-key-file version`),
    takes: words(`
      ${logging} ${client} allow-verification-with-non-compliant-keys attach-detach-reconcile-sync-period cluster-cidr
      cluster-name cluster-signing-key-file concurrent-deployment-syncs concurrent-endpoint-syncs concurrent-gc-syncs
      concurrent-namespace-syncs concurrent-rc-syncs concurrent-replicaset-syncs concurrent-resource-quota-syncs
      concurrent-service-syncs concurrent-serviceaccount-token-syncs configure-cloud-routes controller-start-interval
      daemonset-lookup-cache-size deleting-pods-burst deleting-pods-qps deployment-controller-sync-period
      disable-attach-detach-reconcile-sync enable-dynamic-provisioning enable-garbage-collector
      flex-volume-plugin-dir horizontal-pod-autoscaler-sync-period large-cluster-size-threshold loglevel
      min-resync-period namespace-sync-period node-cidr-mask-size node-eviction-rate node-sync-period
      pod-eviction-timeout pv-recycler-increment-timeout-nfs pv-recycler-minimum-timeout-hostpath
      pv-recycler-minimum-timeout-nfs pv-recycler-timeout-increment-hostpath pvclaimbinder-sync-period
      register-retry-count replicaset-lookup-cache-size replication-controller-lookup-cache-size
      resource-quota-sync-period route-reconciliation-period secondary-node-eviction-rate service-cluster-ip-range
      service-sync-period terminated-pod-gc-threshold unhealthy-zone-threshold`),
  },
  "kube-scheduler": {
    does: words(`${leading} address master port scheduler-name version`),
    takes: words(`${logging} ${client} failure-domains hard-pod-affinity-symmetric-weight`),
  },
  "kube-proxy": {
    does: words(`
      cluster-cidr healthz-bind-address healthz-port hostname-override iptables-masquerade-bit iptables-sync-period
      masquerade-all master version`),
    takes: words(`
      ${logging} ${client} bind-address config-sync-period conntrack-max conntrack-max-per-core conntrack-min
      conntrack-tcp-timeout-close-wait conntrack-tcp-timeout-established iptables-min-sync-period oom-score-adj
      proxy-port-range udp-timeout`),
    values: { "proxy-mode": ["iptables"] },
  },
  kubelet: {
    does: words(`
      address anonymous-auth api-servers cadvisor-port cert-dir docker-endpoint healthz-bind-address healthz-port
      hostname-override max-pods node-ip node-status-update-frequency pod-infra-container-image port read-only-port
      register-node register-schedulable root-dir sync-frequency tls-cert-file tls-private-key-file version`),
    takes: words(`
      ${logging} ${client} allow-privileged application-metrics-count-limit authentication-token-webhook-cache-ttl
      authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl babysit-daemons
      boot-id-file chaos-chance cni-bin-dir cni-conf-dir container-hints docker docker-env-metadata-whitelist
      docker-exec-handler docker-only docker-root enable-controller-attach-detach enable-custom-metrics
      enable-debugging-handlers enable-load-reader event-burst event-qps event-storage-age-limit
      event-storage-event-limit eviction-max-pod-grace-period eviction-minimum-reclaim
      eviction-pressure-transition-period eviction-soft-grace-period file-check-frequency
      global-housekeeping-interval host-ipc-sources host-network-sources host-pid-sources housekeeping-interval
      http-check-frequency image-gc-high-threshold image-gc-low-threshold iptables-drop-bit iptables-masquerade-bit
      log-cadvisor-usage low-diskspace-threshold-mb machine-id-file max-open-files maximum-dead-containers
      maximum-dead-containers-per-container minimum-container-ttl-duration minimum-image-ttl-duration network-plugin-dir
      network-plugin-mtu non-masquerade-cidr oom-score-adj outofdisk-transition-frequency reconcile-cidr registry-burst
      registry-qps rkt-api-endpoint rkt-path rkt-stage1-image runtime-request-timeout seccomp-profile-root
      serialize-image-pulls storage-driver-buffer-duration storage-driver-db storage-driver-host
      storage-driver-password storage-driver-secure storage-driver-table storage-driver-user
      streaming-connection-idle-timeout volume-plugin-dir volume-stats-agg-period`),
  },
};
