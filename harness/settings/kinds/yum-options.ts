/** The options of yum.conf(5) of yum 3.4.3 and dnf.conf(5) of dnf 4, in [main] and in a repository's section. */
export const repositoryOptions: ReadonlySet<string> = new Set(
  `
alwaysprompt assumeno assumeyes autocheck_running_kernel bandwidth baseurl best bugtracker_url cachedir
check_config_file_age clean_requirements_on_remove color commands cost debuglevel deltarpm deltarpm_metadata_percentage
deltarpm_percentage depsolve_loop_limit diskspacecheck distroverpkg enable_group_conditionals enabled enablegroups
errorlevel exactarch exactarchlist exclude excludepkgs failovermethod fastestmirror fssnap_abort_on_errors
fssnap_automatic_keep fssnap_automatic_post fssnap_automatic_pre fssnap_devices fssnap_percentage ftp_disable_epsv
gpgcakey gpgcheck gpgkey gpgkey_dns_verification group_command group_package_types groupremove_leaf_only
history_list_view history_record history_record_packages hotfix http_caching install_weak_deps installonly_limit
installonlypkgs installroot includepkgs include ip_resolve keepalive keepcache kernelpkgnames localpkg_gpgcheck
loadts_ignorenewrpm loadts_ignorerpm logfile max_connections max_parallel_downloads max_retries mddownloadpolicy mdpolicy
mediaid metadata_expire metadata_expire_filter metalink mercy minrate mirrorlist mirrorlist_expire module_hotfixes
multilib_policy name obsoletes override_install_langs password payload_gpgcheck persistdir pkgpolicy pluginconfpath
pluginpath plugins priority process_results protected_multilib protected_packages proxy proxy_password proxy_username
query_install_excludes recent recheck_installed_requires releasever remove_leaf_only repo_gpgcheck reposdir
reset_nice retries rpmverbosity shell_exit_status showdupesfromrepos skip_broken skip_if_unavailable skip_missing_names_on_install
skip_missing_names_on_update ssl_check_cert_permissions sslcacert sslclientcert sslclientkey sslverify
sslverifystatus strict syslog_device syslog_facility syslog_ident throttle timeout tolerant tsflags type ui_repoid_vars
upgrade_group_objects_upgrade upgrade_requirements_on_install usercache username usr_w_check user_agent varsdir
`
    .trim()
    .split(/\s+/),
);
